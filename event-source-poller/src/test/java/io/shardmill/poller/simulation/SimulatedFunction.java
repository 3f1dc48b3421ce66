package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.internal.shard.BatchInvoker;
import io.shardmill.poller.internal.shard.Completion;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.DeadlineListener;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import java.util.List;
import java.util.function.Consumer;

/**
 * A mapping's function: fails on poison, and on whatever the weather brings. Its code is replaced now and then; an
 * invocation is answered by the version that was there when it began. The engine's ports don't show versions: all it can
 * see is that there is no function for a while, and that another one answers otherwise.
 */
record SimulatedFunction(SimulatedProcess process, EventSourceMapping mapping, SimulatedWorld world)
        implements BatchInvoker {

    private static final long TIMEOUT_MILLIS = 1_000;

    /** Hears how the function has returned: in a transaction that is not the end yet. */
    private interface Ending {
        void returned(Invocation invocation, InvocationOutcome outcome);
    }

    @Override
    public Completion<InvocationOutcome> invoke(
            Invocation invocation, DeadlineListener listener, Consumer<InvocationOutcome> later) {
        Ending ending = mapping.failureHandling().transactional()
                ? process.transactions.current()::returned
                : (of, outcome) -> world.oracle.returned(process, of, outcome, world.time.millis());
        world.oracle.invoked(process, invocation, world.time.millis());
        if (world.trouble.strikes(world.trouble.fullMemory)) {
            OutOfMemoryError full = new OutOfMemoryError("while the event is built");
            ending.returned(invocation, InvocationOutcome.Failure.internal(full));
            world.tally.count("memory full at an invocation");
            throw full;
        }
        int version = world.version();
        InvocationOutcome outcome = world.isDeployed()
                ? outcome(invocation)
                : InvocationOutcome.Failure.notInvoked("there is no function '" + mapping.function() + "'");
        long takes = !outcome.reachedFunction() ? 0 : duration();
        if (takes == 0) {
            ending.returned(invocation, outcome);
            return Completion.here(outcome);
        }
        if (takes > TIMEOUT_MILLIS) {
            process.after(TIMEOUT_MILLIS, () -> listener.passed(Thread.currentThread()));
        }
        InvocationOutcome back = takes > TIMEOUT_MILLIS ? InvocationOutcome.Failure.timedOut(TIMEOUT_MILLIS) : outcome;
        process.after(takes, () -> {
            if (version != world.version()) {
                world.tally.count("outlived by a new version");
            }
            ending.returned(invocation, back);
            later.accept(back);
        });
        return Completion.later();
    }

    private InvocationOutcome outcome(Invocation invocation) {
        List<Record> batch = invocation.records();
        if (world.trouble.strikes(world.trouble.badInvocations)) {
            return mishap(invocation);
        }
        List<Record> poison = batch.stream().filter(this::isPoison).toList();
        if (poison.isEmpty()) {
            return returns(invocation, Result.success());
        }
        boolean reports = mapping.failureHandling().reportBatchItemFailures();
        return reports && world.isReported(poison.get(0))
                ? returns(invocation, Result.failed(poison))
                : InvocationOutcome.Failure.threw(new IllegalStateException("poison"));
    }

    private boolean isPoison(Record record) {
        return world.isPoison(record);
    }

    /** In a window: with the state that has the records in it that are done. */
    private InvocationOutcome returns(Invocation invocation, Result result) {
        Answer answer = Answer.of(result);
        InvocationOutcome outcome = InvocationOutcome.of(result, invocation.records());
        if (invocation.window() != null) {
            int done = outcome instanceof InvocationOutcome.PartlyFailed partly
                    ? partly.firstFailed()
                    : invocation.records().size();
            answer = answer.with(WindowModel.stateWith(
                    invocation.window().state(), invocation.records().subList(0, done), world::isBloating));
        }
        return InvocationOutcome.of(answer, invocation, true);
    }

    private InvocationOutcome mishap(Invocation invocation) {
        int size = invocation.records().size();
        boolean reports = mapping.failureHandling().reportBatchItemFailures();
        if (invocation.window() != null && world.random.nextInt(4) == 0) {
            return InvocationOutcome.of(Answer.of(Result.success()), invocation, true);
        }
        return switch (world.random.nextInt(reports ? 4 : 2)) {
            case 0 -> InvocationOutcome.Failure.notInvoked("throttled");
            case 1 -> InvocationOutcome.Failure.threw(new OutOfMemoryError("not really"));
            case 2 -> returns(invocation, Result.failedIndexes(size));
            default -> returns(invocation, Result.failedFrom(world.random.nextInt(Math.max(1, size))));
        };
    }

    /** Mostly quick; when slow: near its deadline, interrupted at it, or deaf to interrupts. */
    private long duration() {
        if (mapping.failureHandling().transactional() && world.trouble.strikes(world.trouble.stopsInTransactions)) {
            process.suspend(5_000 + world.random.nextInt(25_000));
            world.tally.count("suspensions in a transaction");
            return 1;
        }
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
