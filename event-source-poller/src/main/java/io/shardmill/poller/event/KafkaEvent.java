package io.shardmill.poller.event;

import io.shardmill.function.KafkaMetadata;
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
 * The JSON that a batch of a Kafka topic is to a Lambda function, in UTF-8, key for key in the order AWS sends it (Lambda guide,
 * "Using Lambda with Amazon MSK"; spec 4.3). A header's value is an array of Java's bytes, -128 to 127: AWS's guide shows ASCII
 * only, but its Go and .NET libraries were changed to signed bytes, as events have them (such as {@code [-61,-85]} for an ë).
 * What a record does not have is left out and never null: a key, a value, and the only member of a header without a value.
 *
 * @param shard the partition of the records
 * @param window the tumbling window that the batch belongs to, or null; on Lambda, Kafka has none
 */
record KafkaEvent(
        KafkaFormat format,
        Shard shard,
        List<Record> records,
        @Nullable Window window) implements Payload {

    @Override
    public int size() {
        return Math.toIntExact(length());
    }

    /** The size of an event that may be too large to be written. */
    long length() {
        KafkaEventSize size = new KafkaEventSize(format, shard.id());
        return size.of(records) + (window == null ? 0 : size.of(window));
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        EventJson.write(out, this::writeMembers);
    }

    void writeMembers(JsonGenerator json) {
        json.writeStringProperty("eventSource", format.eventSource());
        if (format.clusterArn() != null) {
            json.writeStringProperty("eventSourceArn", format.clusterArn());
        }
        json.writeStringProperty("bootstrapServers", format.bootstrapServers());
        json.writeObjectPropertyStart("records");
        if (!records.isEmpty()) {
            json.writeArrayPropertyStart(shard.id());
            for (Record record : records) {
                writeRecord(json, record, KafkaFormat.kafka(record));
            }
            json.writeEndArray();
        }
        json.writeEndObject();
        if (window != null) {
            WindowJson.write(json, shard.id(), format.sourceArn(), window);
        }
    }

    private static void writeRecord(JsonGenerator json, Record record, KafkaMetadata kafka) {
        json.writeStartObject();
        json.writeStringProperty("topic", kafka.topic());
        json.writeNumberProperty("partition", kafka.partition());
        json.writeNumberProperty("offset", kafka.offset());
        json.writeNumberProperty("timestamp", record.approximateArrivalMillis());
        json.writeStringProperty("timestampType", kafka.timestampType().name());
        byte[] key = kafka.key();
        if (key != null) {
            json.writeName("key");
            json.writeBinary(key);
        }
        if (!kafka.isTombstone()) {
            json.writeName("value");
            json.writeBinary(new DataStream(record.data()), record.size());
        }
        json.writeArrayPropertyStart("headers");
        for (KafkaMetadata.Header header : kafka.headers()) {
            writeHeader(json, header.name(), header.value());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeHeader(JsonGenerator json, String name, byte @Nullable [] value) {
        json.writeStartObject();
        if (value != null) {
            json.writeName(JsonSize.whole(name));
            json.writeStartArray();
            for (byte signed : value) {
                json.writeNumber(signed);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    /** Records and state stay out of logs. */
    @Override
    public String toString() {
        return "KafkaEvent[" + shard + ", " + records.size() + " records]";
    }
}
