package io.shardmill.poller.control;

import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.mapping.EventSourceMapping;

/** What a mapping is told to be, and the state it is in. Written only inside the mapping's turns; any thread may read. */
final class MappingFacts {

    private volatile Told told;
    private volatile State state = State.CREATING;

    MappingFacts(Told told) {
        this.told = told;
    }

    Told told() {
        return told;
    }

    EventSourceMapping mapping() {
        return told.mapping();
    }

    String name() {
        return told.mapping().name();
    }

    boolean isEnabled() {
        return told.enabled();
    }

    State state() {
        return state;
    }

    void tell(Told told) {
        this.told = told;
    }

    void passTo(State state) {
        this.state = state;
    }

    /** Out of a change: to what it was before it, unless it was told something else meanwhile. */
    void settle(State before) {
        if (!told.enabled()) {
            state = State.DISABLED;
        } else {
            state = before == State.DISABLED ? State.ENABLING : before;
        }
    }
}
