package io.shardmill.poller.internal.shard;

import io.shardmill.poller.monitoring.ShardStatus.Activity;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A call into code that is not the engine's, for one lane: runs outside of any turn and comes back to the shard's owner as a
 * message, with its outcome. All it needs to come back is made beforehand: when memory is full, there is none for a message.
 *
 * @param <T> the outcome
 */
abstract class LaneCall<T> implements ShardTurns.Work<ShardMessage>, ShardMessage {

    static final String NO_HEARTBEAT = "this process has sent no heartbeat in time, and may be taken for dead";

    private final Lane lane;
    private final long memory;
    private final BooleanSupplier mayCall;
    private final Consumer<ShardMessage> post;
    private final Completion<ShardMessage> back = Completion.here(this);

    /** Handed from thread to thread with the call itself, through the mailbox. */
    private T outcome;

    /**
     * @param memory the share of the memory for events that the call holds, in bytes
     * @param outOfMemory the outcome if there is no memory for another
     * @param mayCall asked right before: the thread may have stood still since the call was decided
     * @param post sends the shard's owner a message
     */
    LaneCall(Lane lane, long memory, T outOfMemory, BooleanSupplier mayCall, Consumer<ShardMessage> post) {
        this.lane = lane;
        this.memory = memory;
        this.outcome = outOfMemory;
        this.mayCall = mayCall;
        this.post = post;
    }

    Lane lane() {
        return lane;
    }

    long memory() {
        return memory;
    }

    T outcome() {
        return outcome;
    }

    /** Returns what the lane is doing meanwhile. */
    abstract Activity activity();

    /** Makes the call; {@code later} gets the outcome of one that does not complete here. */
    abstract Completion<T> call(Consumer<T> later);

    /** Returns the outcome of a call that was not made. */
    abstract T notCalled(String reason);

    /** Returns the outcome of a call that threw, which is a fault of Shardmill's. */
    abstract T failed(Throwable fault);

    /** Continues the lane with the outcome, in a turn. */
    abstract void completed(LaneRunner runner, long now);

    @Override
    public final Completion<ShardMessage> run() {
        try {
            return carryOut() instanceof Completion.Here<T> here ? back(here.outcome()) : Completion.later();
        } catch (OutOfMemoryError full) {
            return back;
        }
    }

    private Completion<T> carryOut() {
        if (!mayCall.getAsBoolean()) {
            return Completion.here(notCalled(NO_HEARTBEAT));
        }
        try {
            return call(later -> {
                outcome = later;
                post.accept(this);
            });
        } catch (RuntimeException | Error fault) {
            return Completion.here(failed(fault));
        }
    }

    private Completion<ShardMessage> back(T result) {
        outcome = result;
        return back;
    }

    /** Reports that the call has passed its deadline and still runs on the thread. Any thread may call this. */
    final void pastDeadline(Thread thread) {
        post.accept(new ShardMessage.PastDeadline(this, thread));
    }

    @Override
    public final void on(ShardOwner owner) {
        owner.onReturned(this);
    }
}
