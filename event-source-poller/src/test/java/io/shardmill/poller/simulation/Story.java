package io.shardmill.poller.simulation;

import io.shardmill.poller.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What happened, for debugging. */
final class Story {

    private final VirtualTime time;
    private final boolean detailed;
    private final List<String> lines = new ArrayList<>();

    Story(VirtualTime time, boolean detailed) {
        this.time = time;
        this.detailed = detailed;
    }

    void tell(String event) {
        lines.add((time.millis() - VirtualTime.START) + " ms: " + event);
    }

    /** Added only in a detailed run. */
    void detail(Supplier<String> event) {
        if (detailed) {
            tell("  " + event.get());
        }
    }

    @Override
    public String toString() {
        return String.join("\n  ", lines);
    }
}
