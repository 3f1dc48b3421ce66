package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.LaneCommit;
import java.time.Duration;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/**
 * Keeps other transactions from taking, replacing or deleting a shard's row until the transaction ends.
 *
 * @param query finds the row if owner and epoch still hold, and locks it
 */
record OwnershipLock(String query) {

    private static final String ALONE = "select shard from shardmill_checkpoint" + Parameters.OF_SHARD + " for update";

    private static final String OF_OWNER = " from shardmill_checkpoint" + Parameters.OF_SHARD + Parameters.OF_OWNER;

    /**
     * On PostgreSQL lanes of a shard, and saves of its progress, don't wait for each other: both leave the key alone. A process that
     * stands still before its commit loses the transaction after a while, or the shard would never be another's. H2 has
     * one process, and one kind of lock.
     *
     * @param stopped how long a process may stand still between its last statement and the commit
     */
    static OwnershipLock of(String product, Duration stopped) {
        return product.equals("PostgreSQL")
                ? new OwnershipLock("select set_config('idle_in_transaction_session_timeout', '" + stopped.toMillis()
                        + "', true)" + OF_OWNER + " for key share")
                : new OwnershipLock("select shard" + OF_OWNER + " for update");
    }

    /** Waits until no other transaction has this lock on the shard, and keeps them from it. */
    static void takeAlone(NamedParameterJdbcTemplate jdbc, LaneCommit commit) {
        jdbc.query(ALONE, Parameters.of(commit.key(), commit.shard()), (RowCallbackHandler) row -> {});
    }

    /** Returns whether owner and epoch still hold. */
    boolean take(NamedParameterJdbcTemplate jdbc, LaneCommit commit) {
        return !jdbc.queryForList(
                        query,
                        Parameters.of(commit.key(), commit.shard())
                                .addValue("owner", commit.owner())
                                .addValue("epoch", commit.epoch()),
                        String.class)
                .isEmpty();
    }
}
