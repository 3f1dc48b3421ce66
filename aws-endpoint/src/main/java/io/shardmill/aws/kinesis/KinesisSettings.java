package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.UnsupportedSettings;
import java.time.Clock;
import java.util.Objects;

/**
 * How the Kinesis API behaves where there is a choice.
 *
 * @param clock decides which iterators have expired, and paces what is limited; the streams' own, normally
 * @param throughputLimits whether shards refuse what exceeds Kinesis's limits (spec 10.3): 1,000 records and
 *     1 MiB written a second, five reads and 2 MiB read a second
 * @param ownsRoot whether all requests to {@code /} are Kinesis's, and not only those of AWS's clients
 * @param unsupported what becomes of settings that mean nothing here
 */
public record KinesisSettings(
        Clock clock, boolean throughputLimits, boolean ownsRoot, UnsupportedSettings unsupported) {

    /** Refuses unsupported settings. */
    public KinesisSettings(Clock clock, boolean throughputLimits, boolean ownsRoot) {
        this(clock, throughputLimits, ownsRoot, UnsupportedSettings.REFUSED);
    }

    public KinesisSettings {
        Objects.requireNonNull(clock, "clock");
    }
}
