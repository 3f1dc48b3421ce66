package io.shardmill.poller.internal.shard;

import io.shardmill.poller.internal.batch.Step;
import io.shardmill.poller.monitoring.ShardStatus.Activity;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.InvocationOutcome.Failure;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** An invocation of the mapping's function with a lane's batch. */
final class InvocationCall extends LaneCall<InvocationOutcome> {

    private static final InvocationOutcome OUT_OF_MEMORY = Failure.internal("out of memory");

    private final BatchInvoker invoker;
    private final Step.Invoke step;
    private final Invocation invocation;

    InvocationCall(
            Lane lane,
            long memory,
            Step.Invoke step,
            Invocation invocation,
            BatchInvoker invoker,
            BooleanSupplier mayCall,
            Consumer<ShardMessage> post) {
        super(lane, memory, OUT_OF_MEMORY, mayCall, post);
        this.invoker = invoker;
        this.step = step;
        this.invocation = invocation;
    }

    @Override
    Activity activity() {
        return Activity.INVOKING;
    }

    @Override
    Completion<InvocationOutcome> call(Consumer<InvocationOutcome> later) {
        return invoker.invoke(invocation, this::pastDeadline, later);
    }

    @Override
    InvocationOutcome notCalled(String reason) {
        return Failure.notInvoked(reason);
    }

    @Override
    InvocationOutcome failed(Throwable fault) {
        return Failure.internal(fault);
    }

    @Override
    void completed(LaneRunner runner, long now) {
        runner.attempted(lane(), step, outcome(), now);
    }
}
