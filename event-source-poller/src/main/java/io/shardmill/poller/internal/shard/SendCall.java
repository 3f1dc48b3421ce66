package io.shardmill.poller.internal.shard;

import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.monitoring.ShardStatus.Activity;
import io.shardmill.runtime.NotInvokedException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A send of a lane's discarded batch to the mapping's destination. */
final class SendCall extends LaneCall<SendOutcome> {

    private static final SendOutcome OUT_OF_MEMORY = new SendOutcome.NotSent("out of memory");

    private final BatchSender sender;
    private final DiscardedBatch batch;

    SendCall(
            Lane lane,
            long memory,
            DiscardedBatch batch,
            BatchSender sender,
            BooleanSupplier mayCall,
            Consumer<ShardMessage> post) {
        super(lane, memory, OUT_OF_MEMORY, mayCall, post);
        this.sender = sender;
        this.batch = batch;
    }

    @Override
    Activity activity() {
        return Activity.SENDING;
    }

    @Override
    Completion<SendOutcome> call(Consumer<SendOutcome> later) {
        return sender.send(batch, this::pastDeadline, later);
    }

    @Override
    SendOutcome notCalled(String reason) {
        return new SendOutcome.NotSent(reason);
    }

    @Override
    SendOutcome failed(Throwable fault) {
        return new SendOutcome.NotSent(NotInvokedException.internal(fault).reason());
    }

    @Override
    void completed(LaneRunner runner, long now) {
        runner.sent(lane(), batch, outcome(), now);
    }
}
