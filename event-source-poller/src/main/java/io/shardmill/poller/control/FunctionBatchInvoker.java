package io.shardmill.poller.control;

import io.shardmill.poller.shard.BatchInvoker;
import io.shardmill.runtime.FunctionInvoker;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.Overdue;
import java.util.function.Consumer;

/** A mapping's function in this JVM. */
record FunctionBatchInvoker(FunctionInvoker function, boolean reportsFailures) implements BatchInvoker {

    @Override
    public InvocationOutcome invoke(Invocation invocation, Overdue overdue, Consumer<InvocationOutcome> later) {
        return function.invoke(invocation, reportsFailures, overdue);
    }
}
