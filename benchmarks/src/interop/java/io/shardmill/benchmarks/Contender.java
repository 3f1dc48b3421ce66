package io.shardmill.benchmarks;

import io.shardmill.benchmarks.ReadOrder.Access;
import io.shardmill.benchmarks.ReadOrder.Pace;
import java.util.List;

/** A reader and its settings. */
record Contender(String title, ReaderKind kind, Access access, Pace pace) {

    private static final Contender POLLED =
            new Contender("Shardmill", ReaderKind.SHARDMILL, Access.POLLING, Pace.QUICK_LEASES);
    private static final Contender POLLED_BY_LIBRARY =
            new Contender("KCL", ReaderKind.CLIENT_LIBRARY, Access.POLLING, Pace.QUICK_LEASES);
    private static final Contender POLLED_FAST_BY_LIBRARY = new Contender(
            "KCL, 200 ms", ReaderKind.CLIENT_LIBRARY, Access.POLLING, Pace.LEAST_PAUSE);

    static final List<Contender> POLLING = List.of(POLLED, POLLED_BY_LIBRARY, POLLED_FAST_BY_LIBRARY);

    static final List<Contender> FAN_OUT = List.of(
            new Contender("Shardmill, fan-out", ReaderKind.SHARDMILL, Access.FAN_OUT, Pace.QUICK_LEASES),
            new Contender("KCL, fan-out", ReaderKind.CLIENT_LIBRARY, Access.FAN_OUT, Pace.QUICK_LEASES));

    /** As they come, leases included. */
    static final List<Contender> DEFAULTS = List.of(
            new Contender("Shardmill", ReaderKind.SHARDMILL, Access.POLLING, Pace.DEFAULTS),
            new Contender("KCL", ReaderKind.CLIENT_LIBRARY, Access.POLLING, Pace.DEFAULTS));

    /** Of each reader the faster one. */
    static final List<Contender> FASTEST_POLLING = List.of(POLLED, POLLED_FAST_BY_LIBRARY);

    /** @param application a name that nobody else has */
    ReadOrder order(String application, String streamArn, int records) {
        return ReadOrder.of(application, streamArn, access, pace, records);
    }
}
