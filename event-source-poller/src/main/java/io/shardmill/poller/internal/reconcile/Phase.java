package io.shardmill.poller.internal.reconcile;

/** What a mapping is doing in this process. */
public sealed interface Phase {

    /**
     * Nothing of it has run since it was created or enabled.
     *
     * @param isNew false if it was disabled before, in this process
     */
    record Starting(boolean isNew) implements Phase {}

    /** All shards run that may. */
    record Running() implements Phase {}

    /** It is disabled, and nothing runs. */
    record Paused() implements Phase {}

    /**
     * Its shards were stopped and are waited for.
     *
     * @param from the phase before
     */
    record Stopping(Phase from) implements Phase {
        @Override
        public Phase settled() {
            return from;
        }
    }

    /**
     * It can't do all it should, and tries again soon.
     *
     * @param from the phase before
     */
    record Waiting(Phase from, String reason) implements Phase {
        @Override
        public Phase settled() {
            return from;
        }
    }

    /** It is over in this process. */
    record Ended(End how) implements Phase {}

    /** How a mapping ends in a process. */
    enum End {
        /** The process stops. */
        STOPPED,
        /** It was removed, here or by another process. */
        DELETED
    }

    /** Returns the phase without what it waits for. */
    default Phase settled() {
        return this;
    }

    /** Returns the phase in which a mapping begins to run with what was accepted. */
    default Phase under(DesiredState desired) {
        if (!desired.enabled()) {
            return new Paused();
        }
        return settled() instanceof Paused ? new Starting(false) : settled();
    }
}
