package io.shardmill.poller.checkpoint;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A mapping's desired state, as it was accepted last.
 *
 * @param name 1 to 64 characters
 * @param document the settings of a mapping that was created at run time
 *     ({@link io.shardmill.poller.mapping.MappingDocument}), which the store doesn't parse; null for a mapping of the
 *     application's, which brings its own settings
 * @param deleted the mapping is to stop, and to be removed with its rows
 * @param replay the replay that was accepted last, or null
 * @param lastModified to the microsecond: databases keep no more
 * @param version grows with each write; a write counts only if it is made on the version that is stored
 */
public record StoredMapping(
        String name,
        @Nullable String document,
        boolean enabled,
        boolean deleted,
        @Nullable StoredReplay replay,
        Instant lastModified,
        long version) {

    /**
     * A replay of all or some of a mapping's shards.
     *
     * @param id the version at which it was accepted: each replay of a mapping has another
     * @param from where it begins, as people write it; at most 255 characters, which the store doesn't parse
     * @param applied the rows were replaced
     */
    public record StoredReplay(long id, String from, boolean applied) {}

    /** Returns whether this replay is the last one, and its rows are still to be replaced. */
    public boolean awaitsReplay(long id) {
        return replay != null && replay.id() == id && !replay.applied();
    }

    /** Returns the next version, in which the replay is applied. */
    public StoredMapping withReplayApplied() {
        StoredReplay pending = Objects.requireNonNull(replay);
        StoredReplay applied = new StoredReplay(pending.id(), pending.from(), true);
        return new StoredMapping(name, document, enabled, deleted, applied, lastModified, version + 1);
    }
}
