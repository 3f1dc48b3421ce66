package io.shardmill.poller.internal.shard;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs faults that must not stop what comes after them. */
final class Faults {

    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    private Faults() {}

    /** Throws nothing: without memory, there may be none for the log either. */
    static void log(String what, Throwable fault) {
        try {
            LOG.warn(what, fault);
        } catch (RuntimeException | Error unlogged) {
            Thread.onSpinWait();
        }
    }
}
