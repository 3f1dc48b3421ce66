package io.shardmill.embedded.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;

/**
 * What a stream is like beside its shards.
 *
 * @param created to the millisecond
 * @param maxRecordBytes data and partition key of one record together
 * @param retention how long it keeps its records
 * @param tags at most 50, by their keys
 */
public record StreamTraits(
        Instant created, StreamMode mode, int maxRecordBytes, Duration retention, SortedMap<String, String> tags) {

    public StreamTraits {
        tags = Tags.copyOf(tags);
    }

    public StreamTraits withMode(StreamMode changed) {
        return new StreamTraits(created, changed, maxRecordBytes, retention, tags);
    }

    public StreamTraits withMaxRecordBytes(int bytes) {
        return new StreamTraits(created, mode, bytes, retention, tags);
    }

    public StreamTraits withRetention(Duration kept) {
        return new StreamTraits(created, mode, maxRecordBytes, kept, tags);
    }

    public StreamTraits withTags(Map<String, String> changed) {
        return new StreamTraits(created, mode, maxRecordBytes, retention, Tags.copyOf(changed));
    }
}
