package io.shardmill.poller.assignment;

import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.stream.GroupPosition;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells this process which shards it is to consume. What counts in the end is the checkpoint row: it is taken under the next
 * epoch, and no write under an earlier one is accepted. Thread-safe; only {@link #join} and {@link #leave} may block.
 */
public interface Assignment {

    /** One mapping's part in it. */
    interface Participation extends AutoCloseable {

        /** Returns what was determined last; at once. */
        Share share();

        /**
         * Asks for shards, or for none any more: then other processes take what this one releases. What it owns
         * stays its own until then.
         */
        void ask(boolean forShards);

        /** Returns where the stream's own group says that shards begin: see {@link GroupPosition} for what wins over rows. */
        default Map<String, GroupPosition> positions() {
            return Map.of();
        }

        /** Returns why it can't be found out at present which shards are this process's, and what to do; null if it can. */
        default @Nullable String problem() {
            return null;
        }

        /** Drops these positions: the rows were replaced since. */
        default void supersede() {}

        /** Stops participating and receives no further notifications. This process must own none of the mapping's shards. */
        @Override
        void close();
    }

    /**
     * Takes part, and asks for shards, for a mapping on an incarnation of its stream, which this process is able to consume.
     *
     * @param changed called when the share may be another, or the mapping's stored definition is; on any thread, never blocking
     */
    Participation join(MappingKey mapping, Runnable changed);

    /**
     * Returns whether invocations may be started for shards that were taken under this name. False after a time without contact
     * to the other processes in which they may have taken this process for dead; and for good once they have.
     */
    boolean mayInvoke(String owner);

    /** Returns the processes that share shards with this one; empty if there can be no others. */
    default Optional<ReplicaGroup> replicas() {
        return Optional.empty();
    }

    /** Leaves the other processes: nothing is consumed here any more. The next {@link #join} joins them again. */
    void leave();
}
