package io.shardmill.poller.event;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.runtime.Payload;
import io.shardmill.runtime.Window;
import io.shardmill.runtime.arn.Arn;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * What Lambda makes of a Kinesis stream.
 *
 * @param sourceArn the stream's, as events show it in {@code eventSourceARN}
 * @param awsRegion the region that events show
 * @param invokeIdentityArn the function's role, as events show it
 */
public record KinesisFormat(String sourceArn, String awsRegion, String invokeIdentityArn) implements EventFormat {

    /** The field of a filter pattern that is the record's data. */
    public static final String FILTERED_PAYLOAD = "data";

    /** Returns the format of a stream for a function without a role. */
    public static KinesisFormat of(String streamArn) {
        return of(streamArn, null);
    }

    /**
     * Returns the format of a stream, in the region of its ARN.
     *
     * @param role of the function; null for one that has none: events name one of the stream's account
     * @throws IllegalArgumentException if it is not an ARN ({@code arn:partition:service:region:account:resource})
     */
    public static KinesisFormat of(String streamArn, @Nullable String role) {
        Arn stream = parse(streamArn);
        String shown = role == null
                ? new Arn(stream.partition(), "iam", "", stream.account(), "role/shardmill").toString()
                : role;
        return new KinesisFormat(streamArn, stream.region(), shown);
    }

    private static Arn parse(String streamArn) {
        Arn stream = Arn.parse(streamArn);
        if (stream == null) {
            throw new IllegalArgumentException("stream ARN '" + streamArn
                    + "' must have the form arn:aws:kinesis:<region>:<account>:stream/<name>");
        }
        return stream;
    }

    @Override
    public KinesisFormat withSource(String arn) {
        return new KinesisFormat(arn, parse(arn).region(), invokeIdentityArn);
    }

    @Override
    public Payload event(Shard shard, List<Record> records, @Nullable Window window) {
        return new KinesisEvent(this, shard, records, window);
    }

    @Override
    public EventSize eventSize(String shardId) {
        return new KinesisEventSize(this, shardId);
    }

    @Override
    public RecordFields filterFields() {
        return new KinesisFields(this);
    }

    @Override
    public void writeBatchInfo(JsonGenerator json, DiscardedBatch batch) {
        json.writeObjectPropertyStart("KinesisBatchInfo");
        json.writeStringProperty("shardId", batch.shard().id());
        if (!batch.records().isEmpty()) {
            writeRecords(json, batch);
        }
        json.writeStringProperty("streamArn", sourceArn);
        json.writeEndObject();
    }

    private static void writeRecords(JsonGenerator json, DiscardedBatch batch) {
        json.writeStringProperty(
                "startSequenceNumber", EventTexts.number(batch.first().sequenceNumber()));
        json.writeStringProperty(
                "endSequenceNumber", EventTexts.number(batch.last().sequenceNumber()));
        json.writeStringProperty("approximateArrivalOfFirstRecord", arrival(batch.first()));
        json.writeStringProperty("approximateArrivalOfLastRecord", arrival(batch.last()));
        json.writeNumberProperty("batchSize", batch.records().size());
    }

    private static String arrival(Record record) {
        return EventTexts.millis(Instant.ofEpochMilli(record.approximateArrivalMillis()));
    }
}
