package io.shardmill.embedded.model;

import io.shardmill.runtime.DurationText;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Describes the stream to create.
 *
 * @param shards 1 to 10,000
 * @param maxRecordBytes data and partition key of one record together, 1 MiB to 10 MiB (spec case 110)
 * @param retention at least one second and at most 365 days; null for the settings' retention
 * @param tags as {@code StreamTags.add} takes them
 */
public record StreamOptions(
        int shards, int maxRecordBytes, @Nullable Duration retention, StreamMode mode, SortedMap<String, String> tags) {

    public static final int DEFAULT_MAX_RECORD_BYTES = 1 << 20;
    public static final int LARGEST_MAX_RECORD_BYTES = 10 << 20;
    public static final int MAX_SHARDS = 10_000;

    /** How many shards an on-demand stream begins with, as in Kinesis; here it keeps them. */
    public static final int ON_DEMAND_SHARDS = 4;

    private static final Duration MIN_RETENTION = Duration.ofSeconds(1);
    private static final Duration MAX_RETENTION = Duration.ofDays(365);

    public StreamOptions {
        if (shards < 1 || shards > MAX_SHARDS) {
            throw StreamRequestException.invalid("shards is " + shards + " but must be 1 to " + MAX_SHARDS);
        }
        checkMaxRecordBytes(maxRecordBytes);
        if (retention != null) {
            checkRetention(retention);
        }
        tags = Tags.checked("a new stream", tags);
    }

    /** Records of up to 1 MiB, kept as long as the settings say. */
    public static StreamOptions ofShards(int shards) {
        return new StreamOptions(shards, DEFAULT_MAX_RECORD_BYTES, null, StreamMode.PROVISIONED, Tags.copyOf(Map.of()));
    }

    /** {@value #ON_DEMAND_SHARDS} shards, which can't be resharded by hand. */
    public static StreamOptions onDemand() {
        return new StreamOptions(
                ON_DEMAND_SHARDS, DEFAULT_MAX_RECORD_BYTES, null, StreamMode.ON_DEMAND, Tags.copyOf(Map.of()));
    }

    public StreamOptions withShards(int shards) {
        return new StreamOptions(shards, maxRecordBytes, retention, mode, tags);
    }

    public StreamOptions withMaxRecordBytes(int maxRecordBytes) {
        return new StreamOptions(shards, maxRecordBytes, retention, mode, tags);
    }

    public StreamOptions withRetention(Duration retention) {
        return new StreamOptions(shards, maxRecordBytes, retention, mode, tags);
    }

    public StreamOptions withTags(Map<String, String> tags) {
        return new StreamOptions(shards, maxRecordBytes, retention, mode, Tags.copyOf(tags));
    }

    public static void checkMaxRecordBytes(int maxRecordBytes) {
        if (maxRecordBytes < DEFAULT_MAX_RECORD_BYTES || maxRecordBytes > LARGEST_MAX_RECORD_BYTES) {
            throw StreamRequestException.invalid(
                    "max-record-size is " + maxRecordBytes + " bytes but must be 1MB to 10MB ("
                            + DEFAULT_MAX_RECORD_BYTES + " to " + LARGEST_MAX_RECORD_BYTES + " bytes)");
        }
    }

    public static void checkRetention(Duration retention) {
        if (retention.compareTo(MIN_RETENTION) < 0 || retention.compareTo(MAX_RETENTION) > 0) {
            throw StreamRequestException.invalid("retention is " + DurationText.of(retention) + " but must be "
                    + DurationText.of(MIN_RETENTION) + " to " + DurationText.of(MAX_RETENTION));
        }
    }
}
