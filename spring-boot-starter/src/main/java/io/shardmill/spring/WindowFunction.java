package io.shardmill.spring;

import io.shardmill.function.TimeWindow;
import io.shardmill.function.WindowResult;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.Window;
import java.util.Objects;

/** A function over tumbling windows: its state is a value of a type of the application's. */
record WindowFunction(DeclaredFunction function, WindowStates states) implements InvocableFunction {

    @Override
    public Windows windows() {
        return Windows.ALWAYS;
    }

    @Override
    public boolean reportsItemFailures() {
        return true;
    }

    @Override
    public Answer invoke(Invocation invocation) {
        Window window =
                Objects.requireNonNull(invocation.window(), "a mapping without tumbling-window was let through");
        Object returned = function.call()
                .apply(new TimeWindow<>(
                        invocation.records(),
                        states.read(window.state()),
                        window.start(),
                        window.end(),
                        window.isFinal(),
                        window.isTerminatedEarly()));
        if (!(returned instanceof WindowResult<?> result)) {
            throw new IllegalStateException("Function '" + function.name()
                    + "' returned null: in a tumbling window it returns a WindowResult at every invocation");
        }
        return Answer.of(result.result()).with(states.write(result.state()));
    }
}
