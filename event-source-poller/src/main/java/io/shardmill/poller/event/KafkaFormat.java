package io.shardmill.poller.event;

import io.shardmill.function.KafkaMetadata;
import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.runtime.Payload;
import io.shardmill.runtime.Window;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * What Lambda makes of a Kafka topic. A shard is one of the topic's partitions, and its id is {@code <topic>-<partition>}.
 *
 * @param sourceArn the stream's: functions' ARNs have its region and account
 * @param bootstrapServers as events show them
 * @param clusterArn of a cluster of Amazon MSK; null for a self-managed one, whose events name no source by ARN
 */
public record KafkaFormat(
        String sourceArn, String bootstrapServers, @Nullable String clusterArn) implements EventFormat {

    /** The field of a filter pattern that is the record's value. */
    static final String FILTERED_PAYLOAD = "value";

    /** What patterns see of any topic's records. */
    public static final RecordFields FILTER_FIELDS = new KafkaFields();

    /** Returns what events name the kind of source. */
    String eventSource() {
        return clusterArn == null ? "SelfManagedKafka" : "aws:kafka";
    }

    static KafkaMetadata kafka(Record record) {
        return Objects.requireNonNull(record.kafka(), "not a record of a Kafka topic");
    }

    /** Returns whether the record has a value, which may be empty. */
    static boolean hasValue(Record record) {
        return !kafka(record).isTombstone();
    }

    @Override
    public KafkaFormat withSource(String arn) {
        return new KafkaFormat(arn, bootstrapServers, clusterArn);
    }

    @Override
    public Payload event(Shard shard, List<Record> records, @Nullable Window window) {
        return new KafkaEvent(this, shard, records, window);
    }

    @Override
    public EventSize eventSize(String shardId) {
        return new KafkaEventSize(this, shardId);
    }

    @Override
    public RecordFields filterFields() {
        return FILTER_FIELDS;
    }

    @Override
    public DiscardedBatch.Condition tooLarge() {
        return DiscardedBatch.Condition.MAXIMUM_PAYLOAD_SIZE_EXCEEDED;
    }

    /** Offsets are strings, as in Lambda's guide ("Capturing discarded batches for Amazon MSK and self-managed Apache Kafka"). */
    @Override
    public void writeBatchInfo(JsonGenerator json, DiscardedBatch batch) {
        json.writeObjectPropertyStart("KafkaBatchInfo");
        writeBatch(json, batch);
        json.writeObjectPropertyStart("recordsInfo");
        json.writeObjectPropertyStart(batch.shard().id());
        if (!batch.records().isEmpty()) {
            writeRecords(json, batch);
        }
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Writes the member for a topic, whose document names one record at most (Lambda guide, "Using a Kafka topic as an on-failure destination"). */
    void writeRecordInfo(JsonGenerator json, DiscardedBatch batch) {
        json.writeObjectPropertyStart("KafkaBatchInfo");
        writeBatch(json, batch);
        json.writeObjectPropertyStart("recordInfo");
        if (!batch.records().isEmpty()) {
            json.writeStringProperty("offset", offset(batch.first()));
            json.writeStringProperty("timestamp", timestamp(batch.first()));
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void writeBatch(JsonGenerator json, DiscardedBatch batch) {
        json.writeNumberProperty("batchSize", batch.records().size());
        if (clusterArn != null) {
            json.writeStringProperty("eventSourceArn", clusterArn);
        }
        json.writeStringProperty("bootstrapServers", bootstrapServers);
        json.writeNumberProperty("payloadSize", event(batch).length());
    }

    /** Returns the event that the batch was. */
    KafkaEvent event(DiscardedBatch batch) {
        return new KafkaEvent(
                this, batch.shard(), batch.records(), batch.place().window());
    }

    private static void writeRecords(JsonGenerator json, DiscardedBatch batch) {
        json.writeStringProperty("firstRecordOffset", offset(batch.first()));
        json.writeStringProperty("lastRecordOffset", offset(batch.last()));
        json.writeStringProperty("firstRecordTimestamp", timestamp(batch.first()));
        json.writeStringProperty("lastRecordTimestamp", timestamp(batch.last()));
    }

    private static String offset(Record record) {
        return Long.toString(kafka(record).offset());
    }

    private static String timestamp(Record record) {
        return EventTexts.millis(Instant.ofEpochMilli(record.approximateArrivalMillis()));
    }
}
