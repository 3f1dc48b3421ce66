package io.shardmill.poller.control;

import io.shardmill.runtime.FunctionInvoker;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One invoker for all mappings of a function, as its reserved concurrency is shared by them; kept as long as a mapping of the
 * function runs. Thread-safe.
 */
final class SharedInvokers {

    private final Function<String, FunctionInvoker> factory;
    private final Map<String, Shared> shared = new ConcurrentHashMap<>();

    /** @param factory throws {@link io.shardmill.runtime.UnusableFunctionException} while there is no such function */
    SharedInvokers(Function<String, FunctionInvoker> factory) {
        this.factory = factory;
    }

    private final class Shared implements Supplier<FunctionInvoker> {

        private final String name;
        private volatile @Nullable FunctionInvoker invoker;
        private int users;

        Shared(String name) {
            this.name = name;
        }

        @Override
        public FunctionInvoker get() {
            FunctionInvoker known = invoker;
            return known != null ? known : make();
        }

        private synchronized FunctionInvoker make() {
            FunctionInvoker known = invoker;
            if (known == null) {
                known = factory.apply(name);
                invoker = known;
            }
            return known;
        }
    }

    /** Returns where the function's invoker is found at each invocation, until it is released as many times as shared. */
    Supplier<FunctionInvoker> share(String function) {
        return shared.compute(function, (name, known) -> {
            Shared used = known == null ? new Shared(name) : known;
            used.users++;
            return used;
        });
    }

    void release(String function) {
        shared.computeIfPresent(function, (name, known) -> --known.users == 0 ? null : known);
    }

    /** Returns how many functions have an invoker, or may get one. */
    int size() {
        return shared.size();
    }
}
