package io.shardmill.embedded.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;

/**
 * Describes a stream without its shards.
 *
 * @param created to the millisecond
 * @param maxRecordBytes data and partition key of one record together
 * @param retention how long it keeps its records
 * @param tags at most 50, by their keys
 */
public record StreamConfig(
        Instant created, StreamMode mode, int maxRecordBytes, Duration retention, SortedMap<String, String> tags) {

    public StreamConfig {
        tags = Tags.copyOf(tags);
    }

    public StreamConfig withMode(StreamMode changed) {
        return new StreamConfig(created, changed, maxRecordBytes, retention, tags);
    }

    public StreamConfig withMaxRecordBytes(int bytes) {
        return new StreamConfig(created, mode, bytes, retention, tags);
    }

    public StreamConfig withRetention(Duration kept) {
        return new StreamConfig(created, mode, maxRecordBytes, kept, tags);
    }

    public StreamConfig withTags(Map<String, String> changed) {
        return new StreamConfig(created, mode, maxRecordBytes, retention, Tags.copyOf(changed));
    }
}
