package io.shardmill.poller.event;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.runtime.Payload;
import io.shardmill.runtime.Window;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON a batch is to a Lambda function, in UTF-8, key for key in the order AWS sends it (Lambda guide, "Using
 * Lambda with Kinesis" and "Tumbling windows"; spec 4.1 and 4.4). Writing it takes a small buffer, whatever its size.
 *
 * @param shard the records' shard
 * @param window the tumbling window that the batch belongs to, or null
 */
record KinesisEvent(
        KinesisFormat format,
        Shard shard,
        List<Record> records,
        @Nullable Window window) implements Payload {

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    @Override
    public int size() {
        KinesisEventSize size = new KinesisEventSize(format, shard.id());
        long bytes = size.of(records) + (window == null ? 0 : size.of(window));
        return Math.toIntExact(bytes);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("Records");
            for (Record record : records) {
                writeRecord(json, record);
            }
            json.writeEndArray();
            if (window != null) {
                writeWindow(json, window);
            }
            json.writeEndObject();
        } catch (JacksonIOException broken) {
            throw broken.getCause();
        }
    }

    private void writeWindow(JsonGenerator json, Window window) {
        json.writeStringProperty("shardId", shard.id());
        json.writeStringProperty("eventSourceARN", format.sourceArn());
        WindowJson.writeBounds(json, window);
        json.writeName("state");
        json.writeRawValue(JsonSize.whole(window.state()));
        WindowJson.writeFlags(json, window);
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
