package io.shardmill.spring;

import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import java.util.Locale;

/** What a start does when the checkpoints are damaged, missing or older than those it has seen last. */
public enum CheckpointRecovery {
    /** Ends with an error. */
    REFUSE,
    /** Goes on from an older state, or without the rows that are missing: what was finished since is delivered again. */
    ACCEPT_OLDER,
    /**
     * Sets a file of ours aside. In the application's database, takes a store that is whole as it is, else deletes the rows
     * of this application's namespace. Mappings without rows begin at their starting-position.
     */
    BEGIN_ANEW;

    static final String PROPERTY = "shardmill.checkpoint-recovery";

    ShardmillConfigurationException refusal(DamagedCheckpointsException damaged) {
        return new ShardmillConfigurationException(
                PROPERTY,
                this + "; " + damaged.getMessage()
                        + "; put back the newest copy, or set accept-older to go on from an older state (what was"
                        + " finished since is delivered again), or begin-anew to start without checkpoints (in a"
                        + " database of the application's, without those of its namespace, if they are damaged; mappings"
                        + " begin at their starting-position, which at LATEST skips records, and those created at run"
                        + " time are gone)");
    }

    /** As it is written in the configuration. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
