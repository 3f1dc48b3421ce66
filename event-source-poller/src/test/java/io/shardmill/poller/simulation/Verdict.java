package io.shardmill.poller.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What was wrong in a schedule. */
final class Verdict {

    private final Story story;
    private final List<String> violations = new ArrayList<>();

    Verdict(Story story) {
        this.story = story;
    }

    /** What was wrong first, or null. */
    @Nullable
    String violation() {
        return violations.isEmpty() ? null : violations.get(0);
    }

    void wrong(String what) {
        violations.add(what);
    }

    /** Tells of an event and judges it. */
    void check(Supplier<String> where, Runnable body) {
        story.detail(where);
        try {
            body.run();
        } catch (Violation violation) {
            wrong(where.get() + ": " + violation.getMessage());
        } catch (RuntimeException confused) { // by a violation before it, or a fault of the oracle's own
            wrong(where.get() + ": " + confused);
        }
    }
}
