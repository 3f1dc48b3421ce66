package io.shardmill.poller.stream;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The group in which processes share a stream's shards for one mapping, by the stream's own protocol: it says who is to consume
 * what. That nobody else still does is for the checkpoint rows to say. Thread-safe.
 */
public interface ShardGroup {

    /** This process in the group. */
    interface Membership extends AutoCloseable {

        /** Returns what was assigned last; at once. */
        Assigned assigned();

        /** Returns why the group can't be asked at present, such as for want of rights, and what to do; null if it can. At once. */
        @Nullable
        String problem();

        /** Asks for shards, or for none any more, so that the other members get them. */
        void ask(boolean forShards);

        /** Drops the positions that win over rows, at once: the rows were set by a replay since. */
        void supersede();

        /** Leaves the group. This process must consume none of the shards. */
        @Override
        void close();
    }

    /**
     * What the group has assigned to this process. Immutable.
     *
     * @param isKnown false until the group has assigned something, if only nothing
     * @param shards to consume
     * @param revoked shards that were assigned before and are not any more
     * @param positions the group's own positions of shards to consume, as long as these have not begun: see {@link GroupPosition}
     *     for which of them win over checkpoint rows
     */
    record Assigned(boolean isKnown, Set<String> shards, Set<String> revoked, Map<String, GroupPosition> positions) {

        /** Nothing is known yet. */
        public static final Assigned UNKNOWN = new Assigned(false, Set.of(), Set.of(), Map.of());

        /** Returns the same without positions. */
        public Assigned withoutPositions() {
            return new Assigned(isKnown, shards, revoked, Map.of());
        }

        public Assigned {
            shards = Set.copyOf(shards);
            revoked = Set.copyOf(revoked);
            positions = Map.copyOf(positions);
        }
    }

    /** Returns the name by which the stream's own tools know the group. */
    String name();

    /**
     * Joins the group.
     *
     * @param rows identifies the mapping's checkpoint rows on this stream: those of other stores and of other mappings differ
     * @param changed called when something else is assigned; on any thread, never blocking
     */
    Membership join(String rows, Runnable changed);
}
