package io.shardmill.poller.event;

import io.shardmill.function.Record;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON a batch is to a Lambda function, key for key in the order AWS sends it (Lambda guide, "Using
 * Lambda with Kinesis"; spec 4.1). {@link EventSize} knows its length without building it.
 */
public final class KinesisEvent {

    private static final JsonFactory JSON = new JsonFactory();

    private KinesisEvent() {}

    /** The event of these records, compact; encode it as UTF-8. */
    public static String json(EventOrigin origin, List<Record> records) {
        StringWriter text = new StringWriter(1024 * Math.max(1, records.size()));
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("Records");
            for (Record record : records) {
                writeRecord(json, origin, record);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void writeRecord(JsonGenerator json, EventOrigin origin, Record record) {
        String number = EventTexts.number(record.sequenceNumber());
        json.writeStartObject();
        json.writeObjectPropertyStart("kinesis");
        json.writeStringProperty("kinesisSchemaVersion", "1.0");
        json.writeStringProperty("partitionKey", record.partitionKey());
        json.writeStringProperty("sequenceNumber", number);
        json.writeBinaryProperty("data", record.bytes());
        json.writeName("approximateArrivalTimestamp");
        json.writeNumber(EventTexts.epochSeconds(record.approximateArrivalMillis()));
        json.writeEndObject();
        json.writeStringProperty("eventSource", "aws:kinesis");
        json.writeStringProperty("eventVersion", "1.0");
        json.writeStringProperty("eventID", record.shardId() + ":" + number);
        json.writeStringProperty("eventName", "aws:kinesis:record");
        json.writeStringProperty("invokeIdentityArn", origin.invokeIdentityArn());
        json.writeStringProperty("awsRegion", origin.awsRegion());
        json.writeStringProperty("eventSourceARN", origin.streamArn());
        json.writeEndObject();
    }
}
