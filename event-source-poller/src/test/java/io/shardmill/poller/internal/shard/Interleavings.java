package io.shardmill.poller.internal.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program of few threads in every order of its steps, depth first; exactly one thread goes on at a time.
 *
 * <p>A thread says before each step what it is about to touch. Orders that differ only in neighbouring steps
 * that touch nothing in common end the same; one of them is run (sleep sets, Godefroid 1996).
 *
 * <p>All fields are handed from thread to thread through the semaphores.
 */
final class Interleavings implements AutoCloseable {

    /** What a program is made of. */
    interface Program {

        void start();

        /** Called when all threads have ended; throws if something is wrong. */
        void check();
    }

    /** A step touches these bits: two steps commute unless one writes what the other reads or writes. */
    record Touch(int reads, int writes) {

        static final Touch NOTHING = new Touch(0, 0);

        boolean commutes(Touch other) {
            return (writes & (other.reads | other.writes)) == 0 && (reads & other.writes) == 0;
        }
    }

    private static final class Strand {
        final Semaphore go = new Semaphore(0);
        final Runnable body;
        boolean started;
        boolean ended;
        Touch next = Touch.NOTHING;
        BooleanSupplier ready = () -> true;

        Strand(Runnable body) {
            this.body = body;
        }
    }

    /** A choice; bit n stands for the nth strand of the program. */
    private static final class Choice {
        final long ready;
        final List<Touch> next;
        long asleep;
        int chosen;

        Choice(long ready, long asleep, List<Touch> next) {
            this.ready = ready;
            this.asleep = asleep;
            this.next = next;
        }

        boolean choose(int preferred) {
            long left = ready & ~asleep;
            chosen = (left >> preferred & 1) == 1 ? preferred : Long.numberOfTrailingZeros(left);
            return left != 0;
        }

        /** Those whose next step, taken before the chosen one, was already seen to lead to the same. */
        long asleepAfter() {
            long still = 0;
            for (int n = 0; n < next.size(); n++) {
                if ((asleep >> n & 1) == 1 && next.get(n).commutes(next.get(chosen))) {
                    still |= 1L << n;
                }
            }
            return still;
        }
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Semaphore allEnded = new Semaphore(0);
    private final List<Choice> path = new ArrayList<>();
    private final List<Strand> strands = new ArrayList<>();
    private int depth;
    private int running;
    private boolean redundant;
    private @Nullable Throwable failure;

    /** Starts a new thread of the program, which runs when it is chosen. */
    void spawn(Runnable body) {
        strands.add(new Strand(body));
    }

    /** The thread that is running. */
    int running() {
        return running;
    }

    /** Before each step on something shared. */
    void step(Touch touch) {
        await(touch, () -> true);
    }

    /**
     * Waits until the program's state is such, which changes only in steps that do not commute with this one. If it
     * never is, the order of steps is reported as stuck.
     */
    void await(Touch touch, BooleanSupplier state) {
        int self = running;
        Strand strand = strands.get(self);
        strand.next = touch;
        strand.ready = state;
        int next = choose();
        if (next != self) {
            resume(next);
            strand.go.acquireUninterruptibly();
        }
    }

    /** Whether all threads but the asking one have ended. */
    boolean othersEnded() {
        return strands.stream().filter(strand -> !strand.ended).count() == 1;
    }

    /** Runs all orders of steps; the number of them. Throws what the first wrong one failed with. */
    int explore(Program program) {
        int orders = 0;
        path.clear();
        do {
            runOnce(program);
            if (!redundant) {
                orders++;
            }
            if (failure != null) {
                throw new AssertionError("in order " + orders + ": " + failure.getMessage(), failure);
            }
        } while (backtrack());
        return orders;
    }

    private void runOnce(Program program) {
        strands.clear();
        depth = 0;
        running = 0;
        redundant = false;
        failure = null;
        program.start();
        resume(choose());
        allEnded.acquireUninterruptibly();
        if (failure == null) {
            try {
                program.check();
            } catch (AssertionError wrong) {
                failure = wrong;
            }
        }
    }

    private boolean backtrack() {
        while (!path.isEmpty()) {
            Choice last = path.get(path.size() - 1);
            last.asleep |= 1L << last.chosen;
            if (last.choose(last.chosen)) {
                return true;
            }
            path.remove(path.size() - 1);
        }
        return false;
    }

    private void resume(int next) {
        Strand strand = strands.get(next);
        running = next;
        if (strand.started) {
            strand.go.release();
        } else {
            strand.started = true;
            threads.execute(() -> run(strand));
        }
    }

    private void run(Strand strand) {
        try {
            strand.body.run();
        } catch (RuntimeException | AssertionError wrong) {
            fail(wrong);
        }
        strand.ended = true;
        if (strands.stream().allMatch(each -> each.ended)) {
            allEnded.release();
        } else {
            resume(choose());
        }
    }

    private void fail(Throwable wrong) {
        if (failure == null) {
            failure = wrong;
        }
    }

    private int choose() {
        long ready = ready();
        if (ready == 0) {
            fail(new AssertionError("stuck: every thread waits for another"));
        }
        if (failure != null || redundant) { // only to the end
            return Long.numberOfTrailingZeros(ready == 0 ? notEnded() : ready);
        }
        if (depth == path.size()) {
            long asleep = depth == 0 ? 0 : path.get(depth - 1).asleepAfter();
            Choice choice = new Choice(
                    ready, asleep, strands.stream().map(each -> each.next).toList());
            if (!choice.choose(running)) {
                redundant = true;
                return choose();
            }
            path.add(choice);
        }
        return path.get(depth++).chosen;
    }

    private long ready() {
        long ready = 0;
        for (int n = 0; n < strands.size(); n++) {
            if (!strands.get(n).ended && strands.get(n).ready.getAsBoolean()) {
                ready |= 1L << n;
            }
        }
        return ready;
    }

    private long notEnded() {
        long left = 0;
        for (int n = 0; n < strands.size(); n++) {
            left |= strands.get(n).ended ? 0 : 1L << n;
        }
        return left;
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
