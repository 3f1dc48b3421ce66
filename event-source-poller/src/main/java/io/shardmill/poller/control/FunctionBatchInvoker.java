package io.shardmill.poller.control;

import io.shardmill.poller.internal.shard.BatchInvoker;
import io.shardmill.poller.internal.shard.Completion;
import io.shardmill.runtime.DeadlineListener;
import io.shardmill.runtime.FunctionInvoker;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.UnusableFunctionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Invokes a mapping's function in this JVM. While the function is missing, its batches are not invoked, and wait for it
 * (spec case 19).
 *
 * @param function throws {@link UnusableFunctionException} while there is none
 * @param asked whether the mapping says that the function's report of failed records counts
 */
record FunctionBatchInvoker(Supplier<FunctionInvoker> function, boolean asked) implements BatchInvoker {

    private static final Logger LOG = LoggerFactory.getLogger(FunctionBatchInvoker.class);

    @Override
    public Completion<InvocationOutcome> invoke(
            Invocation invocation, DeadlineListener listener, Consumer<InvocationOutcome> later) {
        return Completion.here(invoke(invocation, listener));
    }

    private InvocationOutcome invoke(Invocation invocation, DeadlineListener listener) {
        FunctionInvoker found;
        try {
            found = function.get();
        } catch (UnusableFunctionException missing) {
            return InvocationOutcome.Failure.notInvoked(String.valueOf(missing.getMessage()));
        } catch (RuntimeException | Error fault) {
            LOG.warn("Could not look up the function of mapping '{}'", invocation.mapping(), fault);
            return InvocationOutcome.Failure.notInvoked(fault.toString());
        }
        return found.invoke(invocation, asked || found.reportsItemFailures(), listener);
    }
}
