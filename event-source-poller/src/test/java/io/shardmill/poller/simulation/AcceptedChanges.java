package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.checkpoint.StoredMapping.StoredReplay;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether each accepted change was made on the one before it, and each accepted replay was carried out once. */
final class AcceptedChanges {

    /** A requested change; null for what stays as it is. */
    record Wish(@Nullable Boolean enabled, @Nullable String replay) {

        static final Wish NONE = new Wish(null, null);
    }

    private final Verdict verdict;
    private final Deque<Wish> wishes = new ArrayDeque<>();
    private boolean enabled = true;
    private @Nullable StoredReplay replay;
    private int stored;

    AcceptedChanges(Verdict verdict) {
        this.verdict = verdict;
    }

    /** Asks for a change; when it is accepted it must have been stored. */
    <T> T asked(Wish wish, Supplier<T> call) {
        wishes.push(wish);
        int before = stored;
        try {
            T answer = call.get();
            if (stored == before) {
                verdict.wrong(wish + " is accepted and not stored");
            }
            return answer;
        } finally {
            wishes.pop();
        }
    }

    /** The row that is committed. */
    void stored(StoredMapping row) {
        stored++;
        Wish wish = Objects.requireNonNull(wishes.peek(), "nobody asked");
        boolean nowEnabled = wish.enabled() == null ? enabled : wish.enabled();
        StoredReplay nowReplay = wish.replay() == null ? replay : new StoredReplay(row.version(), wish.replay(), false);
        if (row.enabled() != nowEnabled || !Objects.equals(row.replay(), nowReplay)) {
            verdict.wrong("an accepted change is lost: " + wish + " makes enabled=" + enabled + ", " + replay
                    + " into enabled=" + row.enabled() + ", " + row.replay());
        }
        enabled = row.enabled();
        replay = row.replay();
    }

    /** What is accepted at some time. */
    record Snapshot(boolean enabled, @Nullable StoredReplay replay) {}

    Snapshot snapshot() {
        return new Snapshot(enabled, replay);
    }

    /** The operator has accepted a store from back then. */
    void goBack(Snapshot then) {
        enabled = then.enabled;
        replay = then.replay;
    }

    /** A replay's rows are committed. */
    void applied(long id) {
        if (replay == null || replay.id() != id || replay.applied()) {
            verdict.wrong("replay " + id + " is carried out, and accepted is " + replay);
            return;
        }
        replay = new StoredReplay(id, replay.from(), true);
    }

    /** After all has healed. */
    void end() {
        if (replay != null && !replay.applied()) {
            verdict.wrong("an accepted replay is never carried out: " + replay);
        }
    }
}
