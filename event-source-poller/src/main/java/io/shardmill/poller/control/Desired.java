package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.StoredMapping.StoredReplay;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A mapping's desired state: what was accepted last, whatever runs.
 *
 * @param deleted the mapping is to stop and to be removed
 * @param replay the replay that was accepted last, or null
 * @param version grows with each accepted change; 0 if nothing is stored
 */
record Desired(
        EventSourceMapping mapping,
        boolean enabled,
        boolean deleted,
        @Nullable StoredReplay replay,
        Instant lastModified,
        long version) {

    /** Before anything is stored. */
    static Desired of(EventSourceMapping mapping, boolean enabled, Instant now) {
        return new Desired(mapping, enabled, false, null, now, 0);
    }

    String name() {
        return mapping.name();
    }

    boolean isReplayPending() {
        return replay != null && !replay.applied();
    }

    /** The identity of the replay that was accepted last, carried out or not; 0 if there was none. */
    long replayId() {
        return replay == null ? 0 : replay.id();
    }

    Desired with(EventSourceMapping changed) {
        return new Desired(changed, enabled, deleted, replay, lastModified, version);
    }

    Desired enabled(boolean changed) {
        return new Desired(mapping, changed, deleted, replay, lastModified, version);
    }

    Desired toBeDeleted() {
        return new Desired(mapping, enabled, true, replay, lastModified, version);
    }

    /**
     * A replay of all shards takes the place of one that is still to be carried out.
     *
     * @throws MappingInUseException for a replay of some shards, which can't
     */
    Desired replaying(Replay from) {
        if (isReplayPending() && from instanceof Replay.FromSequenceNumber) {
            throw new MappingInUseException(
                    "Mapping '" + name() + "' has not yet begun a replay that was accepted before;"
                            + " repeat the replay from a sequence number when it has");
        }
        return new Desired(
                mapping, enabled, deleted, new StoredReplay(version + 1, from.asText(), false), lastModified, version);
    }

    Desired at(long newVersion) {
        return new Desired(mapping, enabled, deleted, replay, lastModified, newVersion);
    }

    Desired modified(Instant now) {
        return new Desired(mapping, enabled, deleted, replay, now, version);
    }
}
