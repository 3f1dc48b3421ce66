package io.shardmill.embedded;

import io.shardmill.embedded.model.Durability;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.runtime.arn.AwsScope;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

/**
 * Where and how {@link EmbeddedStreams} keeps its streams. Begin with {@link #in}.
 *
 * @param folder of its own, created if missing; one process at a time has it open
 * @param durability what an acknowledged put survives
 * @param segmentBytes a segment file is closed at about this size, 64 KiB to 1 GiB: retention deletes whole segments
 * @param retention how long a new stream keeps its records, 24 h by default; at least one second
 * @param clock gives arrival times and decides what is older than the retention
 * @param scope the region and account in the streams' ARNs
 */
public record EmbeddedStreamsSettings(
        Path folder, Durability durability, int segmentBytes, Duration retention, Clock clock, AwsScope scope) {

    public static final Duration DEFAULT_RETENTION = Duration.ofHours(24);
    public static final int DEFAULT_SEGMENT_BYTES = 64 << 20;

    private static final int MIN_SEGMENT_BYTES = 64 << 10;
    private static final int MAX_SEGMENT_BYTES = 1 << 30;

    public EmbeddedStreamsSettings {
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(durability, "durability");
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(scope, "scope");
        if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > MAX_SEGMENT_BYTES) {
            throw new IllegalArgumentException("segmentBytes is " + segmentBytes + " but must be " + MIN_SEGMENT_BYTES
                    + " to " + MAX_SEGMENT_BYTES);
        }
        StreamOptions.checkRetention(retention);
    }

    /** Durable against the death of the process, 24 h of retention, the system's clock, segments of 64 MiB. */
    public static EmbeddedStreamsSettings in(Path folder) {
        return new EmbeddedStreamsSettings(
                folder,
                Durability.PROCESS,
                DEFAULT_SEGMENT_BYTES,
                DEFAULT_RETENTION,
                Clock.systemUTC(),
                AwsScope.DEFAULT);
    }

    public EmbeddedStreamsSettings withDurability(Durability durability) {
        return new EmbeddedStreamsSettings(folder, durability, segmentBytes, retention, clock, scope);
    }

    public EmbeddedStreamsSettings withSegmentBytes(int segmentBytes) {
        return new EmbeddedStreamsSettings(folder, durability, segmentBytes, retention, clock, scope);
    }

    public EmbeddedStreamsSettings withRetention(Duration retention) {
        return new EmbeddedStreamsSettings(folder, durability, segmentBytes, retention, clock, scope);
    }

    public EmbeddedStreamsSettings withClock(Clock clock) {
        return new EmbeddedStreamsSettings(folder, durability, segmentBytes, retention, clock, scope);
    }

    public EmbeddedStreamsSettings withScope(AwsScope scope) {
        return new EmbeddedStreamsSettings(folder, durability, segmentBytes, retention, clock, scope);
    }
}
