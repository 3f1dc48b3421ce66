package io.shardmill.poller.checkpoint;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Identifies a checkpoint store and its age. The store holds one, and the data folder keeps a copy of the last one it has
 * seen: the store is advanced first, so that its mark is never older than the copy unless the store itself is.
 *
 * @param id random, given when the store is created
 * @param generation grows with each opening and each clean stop, by any process
 */
public record StoreMark(String id, long generation) {

    /** The mark of a new store. */
    public static StoreMark first() {
        return new StoreMark(UUID.randomUUID().toString(), 1);
    }

    /** The mark after an opening or a clean stop that follows both what the store holds and what was seen last. */
    public StoreMark next(@Nullable StoreMark lastSeen) {
        long newest =
                lastSeen == null || !lastSeen.id.equals(id) ? generation : Math.max(generation, lastSeen.generation);
        return new StoreMark(id, newest + 1);
    }

    /**
     * Compares a store with what was seen last.
     *
     * @param found the store's own mark; null if it has none, as a new one
     * @param lastSeen null if this data folder has never seen the store
     * @return why the store can't be the one that was seen last, or null if it can
     */
    public static @Nullable String contradiction(@Nullable StoreMark found, @Nullable StoreMark lastSeen) {
        if (lastSeen == null) {
            return null;
        }
        if (found == null) {
            return "the checkpoints that were there are missing";
        }
        if (!found.id.equals(lastSeen.id)) {
            return "these are the checkpoints of another store than the one last used with this data folder";
        }
        return found.generation < lastSeen.generation
                ? "this is an older copy: it was opened or stopped " + (lastSeen.generation - found.generation)
                        + " times fewer than the store last used with this data folder"
                : null;
    }
}
