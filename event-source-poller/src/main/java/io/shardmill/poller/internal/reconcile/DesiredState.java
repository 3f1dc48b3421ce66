package io.shardmill.poller.internal.reconcile;

import io.shardmill.poller.checkpoint.StoredMapping.StoredReplay;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A mapping's desired state: what was accepted last, whatever runs.
 *
 * @param deleted the mapping is to stop and to be removed
 * @param replay the replay that was accepted last, or null
 * @param version the generation: grows with each accepted change; 0 if nothing is stored
 */
public record DesiredState(
        EventSourceMapping mapping,
        boolean enabled,
        boolean deleted,
        @Nullable StoredReplay replay,
        Instant lastModified,
        long version) {

    /** Returns the state of a new mapping, before anything is stored. */
    public static DesiredState of(EventSourceMapping mapping, boolean enabled, Instant now) {
        return new DesiredState(mapping, enabled, false, null, now, 0);
    }

    public String name() {
        return mapping.name();
    }

    public boolean isReplayPending() {
        return replay != null && !replay.applied();
    }

    /** Returns the identity of the replay that was accepted last, carried out or not; 0 if there was none. */
    public long replayId() {
        return replay == null ? 0 : replay.id();
    }

    /** Returns the identity of the replay that is still to be carried out; 0 if there is none. */
    public long pendingReplayId() {
        return isReplayPending() ? replayId() : 0;
    }

    /** Returns whether a replay was carried out after this state, here or by another process. */
    public boolean isReplayedSince(DesiredState before) {
        return !isReplayPending() && (replayId() != before.replayId() || before.isReplayPending());
    }

    public DesiredState with(EventSourceMapping changed) {
        return new DesiredState(changed, enabled, deleted, replay, lastModified, version);
    }

    public DesiredState enabled(boolean changed) {
        return new DesiredState(mapping, changed, deleted, replay, lastModified, version);
    }

    public DesiredState toBeDeleted() {
        return new DesiredState(mapping, enabled, true, replay, lastModified, version);
    }

    /** Replaces the replay, carried out or not, by one that is still to be carried out under the next version. */
    public DesiredState replaying(String from) {
        return new DesiredState(
                mapping, enabled, deleted, new StoredReplay(version + 1, from, false), lastModified, version);
    }

    public DesiredState at(long newVersion) {
        return new DesiredState(mapping, enabled, deleted, replay, lastModified, newVersion);
    }

    public DesiredState modified(Instant now) {
        return new DesiredState(mapping, enabled, deleted, replay, now, version);
    }
}
