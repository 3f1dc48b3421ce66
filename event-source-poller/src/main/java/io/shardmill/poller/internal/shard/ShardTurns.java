package io.shardmill.poller.internal.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Gives an owner its messages, in turns that never overlap, and runs the work that its turns ask for.
 *
 * <p>The thread that took a turn lets go of the owner before any work runs, hands all but one piece to the
 * pool and runs that one itself; then it posts the outcome and takes the next turn, if nobody else has.
 * Waking another thread costs more than everything else here, and this way there is none to wake.
 *
 * <p>Invariant: after any {@link #post} has returned, either the mailbox is empty, or somebody holds
 * {@link #taken} who looks into the mailbox after letting go. Only where the pool refused a turn, its
 * message waits for the next post; work that it refuses runs on the thread of the turn.
 */
public final class ShardTurns<M> {

    /** Something an owner asks for, such as an invocation. */
    public interface Work<M> {

        /** Runs on a thread of the pool; what completes later is {@linkplain #post posted}. Throws nothing. */
        Completion<M> run();
    }

    /** The owner of the turns. */
    public interface Owner<M> {

        /** One turn: all messages since the last one, in order; the work to start. Throws nothing. */
        List<Work<M>> turn(List<M> messages);
    }

    private static final int MAX_TURNS = 32;
    private static final long MAX_NANOS = 10_000_000;
    private static final int MAX_TRIES = 20;

    private final Owner<M> owner;
    private final Executor pool;
    private final BooleanSupplier othersWait;
    private final Mailbox<M> mailbox;
    private final int maxTurns;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final Runnable run = this::run;

    /** @param othersWait whether the pool has tasks that wait for a thread */
    public ShardTurns(Owner<M> owner, Executor pool, BooleanSupplier othersWait) {
        this(owner, pool, othersWait, new ConcurrentLinkedQueue<>(), MAX_TURNS);
    }

    /** For the proof by interleavings, which watches the mailbox. */
    ShardTurns(Owner<M> owner, Executor pool, BooleanSupplier othersWait, Queue<M> mailbox, int maxTurns) {
        this.owner = owner;
        this.pool = pool;
        this.othersWait = othersWait;
        this.mailbox = new Mailbox<>(mailbox);
        this.maxTurns = maxTurns;
    }

    /**
     * Gives the owner a message; from any thread, at any time.
     *
     * @throws RejectedExecutionException if the pool is closed, or has no thread or memory left for a turn
     */
    public void post(M message) {
        mailbox.deliver(message);
        if (take() && !isAccepted(run)) {
            taken.set(false);
            throw new RejectedExecutionException("The engine is closed, or out of threads or memory");
        }
    }

    private boolean take() {
        return !mailbox.isEmpty() && taken.compareAndSet(false, true);
    }

    /** Takes turns. The caller has taken the owner. */
    private void run() {
        long since = System.nanoTime();
        int turns = 0;
        do {
            if (turns > 0
                    && (turns >= maxTurns || System.nanoTime() - since > MAX_NANOS)
                    && othersWait.getAsBoolean()
                    && isAccepted(run)) { // still taken: to the end of the queue
                return;
            }
            turns++;
            List<Work<M>> work = turn();
            if (!work.isEmpty()) {
                if (take() && !isAccepted(run)) { // messages that came meanwhile don't wait for the work
                    taken.set(false);
                }
                work.subList(1, work.size()).forEach(this::handOver);
                complete(work.get(0));
            }
        } while (take());
    }

    /** Each failure for lack of memory follows a full collection, which may find some for the next try. */
    private boolean isAccepted(Runnable task) {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            try {
                pool.execute(task);
                return true;
            } catch (OutOfMemoryError full) {
                Thread.onSpinWait();
            } catch (RuntimeException | Error refused) {
                return false;
            }
        }
        return false;
    }

    private List<Work<M>> turn() {
        try {
            List<M> messages = mailbox.drain();
            return messages.isEmpty() ? List.of() : owner.turn(messages);
        } finally {
            taken.set(false);
        }
    }

    private void complete(Work<M> work) {
        if (work.run() instanceof Completion.Here<M> here) {
            mailbox.deliver(here.outcome());
        }
    }

    private void handOver(Work<M> work) {
        boolean accepted = isAccepted(() -> {
            complete(work);
            if (take()) {
                run();
            }
        });
        if (!accepted) {
            complete(work);
        }
    }

    /**
     * Messages for an owner, from any thread; taken out by one thread at a time. A message leaves the queue when it
     * has its place in a turn's list: without memory for that it is late, and not lost.
     */
    private static final class Mailbox<M> {

        private final Queue<M> queue;

        Mailbox(Queue<M> queue) {
            this.queue = queue;
        }

        /** Returns when the message is in the queue: one that is sent once must not be lost for lack of memory. */
        void deliver(M message) {
            while (!isAdded(message)) {
                Thread.onSpinWait();
            }
        }

        private boolean isAdded(M message) {
            try {
                return queue.add(message);
            } catch (OutOfMemoryError full) {
                return false;
            }
        }

        boolean isEmpty() {
            return queue.isEmpty();
        }

        /** Takes all messages, in order; fewer if there is no memory for all. */
        List<M> drain() {
            List<M> messages = List.of();
            try {
                messages = new ArrayList<>();
                for (M message = queue.peek(); message != null; message = queue.peek()) {
                    messages.add(message);
                    queue.remove();
                }
            } catch (OutOfMemoryError full) {
                return messages;
            }
            return messages;
        }
    }
}
