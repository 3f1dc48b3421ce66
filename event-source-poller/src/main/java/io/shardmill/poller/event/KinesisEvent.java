package io.shardmill.poller.event;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.runtime.Window;
import java.io.StringWriter;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
        return json(records, origin, json -> {});
    }

    /**
     * The event of records of this shard, if any, in a tumbling window (Lambda guide, "Tumbling windows"; spec 4.4).
     *
     * @param window null for an event without one
     */
    public static String json(EventOrigin origin, Shard shard, List<Record> records, @Nullable Window window) {
        return window == null
                ? json(origin, records)
                : json(records, origin, json -> writeWindow(json, origin, shard, window));
    }

    private static String json(List<Record> records, EventOrigin origin, Consumer<JsonGenerator> rest) {
        StringWriter text = new StringWriter(1024 * Math.max(1, records.size()));
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("Records");
            for (Record record : records) {
                writeRecord(json, origin, record);
            }
            json.writeEndArray();
            rest.accept(json);
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void writeWindow(JsonGenerator json, EventOrigin origin, Shard shard, Window window) {
        json.writeStringProperty("shardId", shard.id());
        json.writeStringProperty("eventSourceARN", origin.streamArn());
        writeBounds(json, window);
        json.writeName("state");
        json.writeRawValue(window.state());
        writeFlags(json, window);
    }

    /** Whole seconds, so that they need no fraction. */
    static void writeBounds(JsonGenerator json, Window window) {
        json.writeObjectPropertyStart("window");
        json.writeStringProperty("start", window.start().toString());
        json.writeStringProperty("end", window.end().toString());
        json.writeEndObject();
    }

    static void writeFlags(JsonGenerator json, Window window) {
        json.writeBooleanProperty("isFinalInvokeForWindow", window.isFinal());
        json.writeBooleanProperty("isWindowTerminatedEarly", window.isTerminatedEarly());
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
