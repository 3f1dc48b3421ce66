package io.shardmill.poller.event;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.runtime.Payload;
import io.shardmill.runtime.Window;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The JSON a batch is to a Lambda function, in UTF-8, key for key in the order AWS sends it (Lambda guide, "Using
 * Lambda with Kinesis" and "Tumbling windows"; spec 4.1 and 4.4).
 *
 * @param shard the records' shard
 * @param window the tumbling window that the batch belongs to, or null
 */
record KinesisEvent(
        KinesisFormat format,
        Shard shard,
        List<Record> records,
        @Nullable Window window) implements Payload {

    @Override
    public int size() {
        KinesisEventSize size = new KinesisEventSize(format, shard.id());
        long bytes = size.of(records) + (window == null ? 0 : size.of(window));
        return Math.toIntExact(bytes);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        EventJson.write(out, this::writeMembers);
    }

    private void writeMembers(JsonGenerator json) {
        json.writeArrayPropertyStart("Records");
        for (Record record : records) {
            writeRecord(json, record);
        }
        json.writeEndArray();
        if (window != null) {
            WindowJson.write(json, shard.id(), format.sourceArn(), window);
        }
    }

    private void writeRecord(JsonGenerator json, Record record) {
        String number = EventTexts.number(record.sequenceNumber());
        json.writeStartObject();
        json.writeObjectPropertyStart("kinesis");
        json.writeStringProperty("kinesisSchemaVersion", "1.0");
        json.writeStringProperty("partitionKey", JsonSize.whole(record.partitionKey()));
        json.writeStringProperty("sequenceNumber", number);
        json.writeName("data");
        json.writeBinary(new DataStream(record.data()), record.size());
        json.writeName("approximateArrivalTimestamp");
        json.writeNumber(EventTexts.epochSeconds(record.approximateArrivalMillis()));
        json.writeEndObject();
        json.writeStringProperty("eventSource", "aws:kinesis");
        json.writeStringProperty("eventVersion", "1.0");
        json.writeStringProperty("eventID", record.shardId() + ":" + number);
        json.writeStringProperty("eventName", "aws:kinesis:record");
        json.writeStringProperty("invokeIdentityArn", format.invokeIdentityArn());
        json.writeStringProperty("awsRegion", format.awsRegion());
        json.writeStringProperty("eventSourceARN", format.sourceArn());
        json.writeEndObject();
    }

    /** Records and state stay out of logs. */
    @Override
    public String toString() {
        return "KinesisEvent[" + shard + ", " + records.size() + " records]";
    }
}
