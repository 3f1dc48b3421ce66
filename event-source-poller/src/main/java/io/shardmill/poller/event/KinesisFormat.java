package io.shardmill.poller.event;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.runtime.Payload;
import io.shardmill.runtime.Window;
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

    private static final int ARN_PARTS = 6;

    /**
     * Returns the format of a stream, with region and account of its ARN; the role is one that does not exist.
     *
     * @throws IllegalArgumentException if it is not an ARN ({@code arn:partition:service:region:account:resource})
     */
    public static KinesisFormat of(String streamArn) {
        String[] parts = streamArn.split(":", ARN_PARTS);
        if (parts.length < ARN_PARTS || !parts[0].equals("arn")) {
            throw new IllegalArgumentException("stream ARN '" + streamArn
                    + "' must have the form arn:aws:kinesis:<region>:<account>:stream/<name>");
        }
        return new KinesisFormat(streamArn, parts[3], "arn:" + parts[1] + ":iam::" + parts[4] + ":role/shardmill");
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
