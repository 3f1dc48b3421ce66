package io.shardmill.embedded.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Describes a stream without its shards.
 *
 * @param created to the millisecond
 * @param maxRecordBytes data and partition key of one record together
 * @param retention how long it keeps its records
 * @param tags at most 50, by their keys
 * @param ignored settings of Kinesis's that mean nothing here, as they were given, by their names
 */
public record StreamConfig(
        Instant created,
        StreamMode mode,
        int maxRecordBytes,
        Duration retention,
        SortedMap<String, String> tags,
        SortedMap<String, String> ignored) {

    public StreamConfig {
        tags = Tags.copyOf(tags);
        ignored = Collections.unmodifiableSortedMap(new TreeMap<>(ignored));
    }

    public StreamConfig withMode(StreamMode changed) {
        return new StreamConfig(created, changed, maxRecordBytes, retention, tags, ignored);
    }

    public StreamConfig withMaxRecordBytes(int bytes) {
        return new StreamConfig(created, mode, bytes, retention, tags, ignored);
    }

    public StreamConfig withRetention(Duration kept) {
        return new StreamConfig(created, mode, maxRecordBytes, kept, tags, ignored);
    }

    public StreamConfig withTags(Map<String, String> changed) {
        return new StreamConfig(created, mode, maxRecordBytes, retention, Tags.copyOf(changed), ignored);
    }

    public StreamConfig withIgnored(Map<String, String> changed) {
        return new StreamConfig(created, mode, maxRecordBytes, retention, tags, new TreeMap<>(changed));
    }
}
