package io.shardmill.poller.control;

import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.mapping.EventSourceMapping;

/** What a mapping runs with, and Lambda's word for it. Written only inside the mapping's turns; any thread may read. */
final class MappingState {

    /** @param phase what becomes of {@code applied} as long as nothing else is accepted */
    private record Applied(Desired desired, State phase) {}

    private volatile Applied now;

    MappingState(Desired first) {
        this.now = new Applied(first, State.CREATING);
    }

    /** What it runs with, or will when it can. */
    Desired applied() {
        return now.desired();
    }

    EventSourceMapping mapping() {
        return now.desired().mapping();
    }

    String name() {
        return now.desired().name();
    }

    void apply(Desired desired) {
        State before = now.phase();
        State enabled = before == State.DISABLED ? State.ENABLING : before;
        now = new Applied(desired, desired.enabled() ? enabled : State.DISABLED);
    }

    void passTo(State phase) {
        now = new Applied(now.desired(), phase);
    }

    /** Returns the state to show for what was accepted last. */
    State of(Desired accepted) {
        Applied running = now;
        if (accepted.deleted()) {
            return State.DELETING;
        }
        boolean isSettled = accepted.version() == running.desired().version() && !accepted.isReplayPending();
        return isSettled || running.phase() == State.CREATING || running.phase() == State.STOPPED
                ? running.phase()
                : transitionTo(accepted);
    }

    /** Returns the state that a mapping passes through on its way to what was accepted. */
    State transitionTo(Desired accepted) {
        if (accepted.deleted()) {
            return State.DELETING;
        }
        if (accepted.enabled() == now.desired().enabled()) {
            return State.UPDATING;
        }
        return accepted.enabled() ? State.ENABLING : State.DISABLING;
    }
}
