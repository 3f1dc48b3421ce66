package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.shard.BatchInvoker;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.Overdue;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A mapping's function: fails on poison, and on whatever the weather brings. */
record SimulatedFunction(SimulatedProcess process, EventSourceMapping mapping, SimulatedWorld world)
        implements BatchInvoker {

    private static final long TIMEOUT_MILLIS = 1_000;

    @Override
    public @Nullable InvocationOutcome invoke(
            Invocation invocation, Overdue overdue, Consumer<InvocationOutcome> later) {
        world.oracle.invoked(process, invocation, world.time.millis());
        InvocationOutcome outcome = outcome(invocation.records());
        long takes = outcome instanceof InvocationOutcome.NotInvoked ? 0 : duration();
        if (takes == 0) {
            world.oracle.returned(process, invocation, outcome, world.time.millis());
            return outcome;
        }
        if (takes > TIMEOUT_MILLIS) {
            process.after(TIMEOUT_MILLIS, () -> overdue.on(Thread.currentThread()));
        }
        InvocationOutcome back = takes > TIMEOUT_MILLIS ? new InvocationOutcome.TimedOut(TIMEOUT_MILLIS) : outcome;
        process.after(takes, () -> {
            world.oracle.returned(process, invocation, back, world.time.millis());
            later.accept(back);
        });
        return null;
    }

    private InvocationOutcome outcome(List<Record> batch) {
        if (world.trouble.strikes(world.trouble.badInvocations)) {
            return mishap(batch);
        }
        List<Record> poison = batch.stream().filter(this::isPoison).toList();
        if (poison.isEmpty()) {
            return new InvocationOutcome.Succeeded();
        }
        boolean reports = mapping.failureHandling().reportBatchItemFailures();
        return reports && world.isReported(poison.get(0))
                ? InvocationOutcome.of(Result.failed(poison), batch)
                : new InvocationOutcome.FunctionFailed(new IllegalStateException("poison"));
    }

    private boolean isPoison(Record record) {
        return world.isPoison(record);
    }

    private InvocationOutcome mishap(List<Record> batch) {
        boolean reports = mapping.failureHandling().reportBatchItemFailures();
        return switch (world.random.nextInt(reports ? 4 : 2)) {
            case 0 -> new InvocationOutcome.NotInvoked("throttled");
            case 1 -> new InvocationOutcome.FunctionFailed(new OutOfMemoryError("not really"));
            case 2 -> InvocationOutcome.of(Result.failedIndexes(batch.size()), batch);
            default -> InvocationOutcome.of(Result.failedFrom(world.random.nextInt(batch.size())), batch);
        };
    }

    /** Mostly quick; when slow: near its deadline, interrupted at it, or deaf to interrupts. */
    private long duration() {
        if (!world.trouble.strikes(world.trouble.slowInvocations)) {
            return world.random.nextInt(3) == 0 ? 1 + world.random.nextInt(30) : 0;
        }
        return switch (world.random.nextInt(3)) {
            case 0 -> 1L + world.random.nextInt((int) TIMEOUT_MILLIS);
            case 1 -> TIMEOUT_MILLIS + 1;
            default -> TIMEOUT_MILLIS + 1 + world.random.nextInt(30_000);
        };
    }
}
