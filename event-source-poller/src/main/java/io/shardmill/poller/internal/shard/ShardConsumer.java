package io.shardmill.poller.internal.shard;

import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.monitoring.ShardStatus;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A shard being consumed for a mapping, as the rest of the world sees it: every call is a message to the
 * {@link ShardOwner}. Thread-safe; nothing here blocks.
 */
public final class ShardConsumer implements CheckpointWriter.Listener {

    private final int hash;
    private final ShardTurns<ShardMessage> turns;
    private final AtomicBoolean wakePosted = new AtomicBoolean();
    private final CommittedFacts committed = new CommittedFacts();

    /**
     * Prepares the consumer; {@link #start} starts it.
     *
     * @param over called once at the end, inside a turn; must not block
     */
    public ShardConsumer(
            ShardAssignment assignment, MappingPorts mapping, EnginePorts engine, Consumer<ShardEnd> over) {
        ShardOwner owner = new ShardOwner(assignment, mapping, engine, over, this);
        this.hash = assignment.shard().hashCode();
        this.turns = new ShardTurns<>(owner, engine.pool(), engine.othersWait());
    }

    public void start() {
        wake();
    }

    /** Stops beginning work; ends when running calls have returned and their outcome is saved. */
    public void stop() {
        post(new ShardMessage.Stop());
    }

    /** After {@link #stop}: ends when running calls have returned, saved or not. */
    public void leaveUnsaved() {
        post(new ShardMessage.LeaveUnsaved());
    }

    /** Ends at once, without waiting for running calls. */
    public void abandon() {
        post(new ShardMessage.Abandon());
    }

    /** Gives the shard's status to {@code answer}, inside a turn; also after it is over. */
    public void describe(Consumer<ShardStatus> answer) {
        post(new ShardMessage.Describe(answer));
    }

    /** Runs {@code drained} once when the stream was read again and all of the shard is finished and saved. */
    public void whenDrained(Runnable drained) {
        post(new ShardMessage.WhenDrained(drained));
    }

    @Override
    public void saved(CheckpointUpdate update) {
        post(new ShardMessage.Saved(update));
    }

    @Override
    public void lost() {
        post(new ShardMessage.Lost());
    }

    /** Returns what transactions of the function have committed of the shard since it was taken over. */
    public List<LaneFact> committed() {
        return committed.all();
    }

    CommittedFacts facts() {
        return committed;
    }

    void post(ShardMessage message) {
        turns.post(message);
    }

    /** Posts a wake-up; at most one is in the mailbox. */
    void wake() {
        if (wakePosted.compareAndSet(false, true)) {
            post(ShardMessage.WAKE);
        }
    }

    /** Lets the next wake-up be posted: this one is being handled. */
    void woken() {
        wakePosted.set(false);
    }

    /** The same in every run, and so is the order of consumers in a hash map: a simulation repeats itself. */
    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }
}
