package io.shardmill.poller.simulation;

import io.shardmill.poller.testkit.VirtualTime;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The steps of a schedule in virtual time, which end at the first thing that is wrong. */
final class Steps {

    private static final int MAX = 400_000;

    private final Random random;
    private final VirtualTime time;
    private final Story story;
    private final Verdict verdict;
    private final ErrorLog errors;
    private final Runnable afterStep;
    private int count;

    Steps(Random random, VirtualTime time, Story story, Verdict verdict, ErrorLog errors, Runnable afterStep) {
        this.random = random;
        this.time = time;
        this.story = story;
        this.verdict = verdict;
        this.errors = errors;
        this.afterStep = afterStep;
    }

    /** Plays a schedule; returns what went wrong and how it came to that, or null. */
    @Nullable
    String play(Runnable schedule) {
        try {
            schedule.run();
        } catch (Violation violation) {
            verdict.wrong(violation.getMessage());
        }
        String wrong = verdict.violation();
        return wrong == null ? null : wrong + "\n  " + story;
    }

    /** Takes so many steps at most, within a random time. */
    void some(int most) {
        long limit = time.millis() + random.nextInt(2_000);
        for (int step = 0; step < most && next(limit); step++) {}
    }

    /** Takes the next step; returns false if none is due until then. */
    boolean next(long limit) {
        if (count++ > MAX) {
            throw new Violation("it goes round in circles");
        }
        boolean went = time.step(limit);
        afterStep.run();
        String error = errors.take();
        if (error != null) {
            verdict.wrong("an error is logged: " + error);
        }
        if (verdict.violation() != null) {
            throw new Violation("stop here");
        }
        return went;
    }

    /** Takes all steps until then. */
    void until(long millis) {
        while (next(millis)) {}
        time.advance(Duration.ofMillis(Math.max(0, millis - time.millis())));
    }

    void pass(long millis) {
        until(time.millis() + millis);
    }

    /** How many there were. */
    int count() {
        return count;
    }
}
