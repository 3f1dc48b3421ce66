package io.shardmill.spring;

import io.shardmill.runtime.InvocableFunction;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Functions in the form of another platform, as far as its types are on the class path. */
interface HandlerBeans {

    HandlerBeans NONE = new HandlerBeans() {
        @Override
        public @Nullable InvocableFunction find(String name) {
            return null;
        }

        @Override
        public @Nullable InvocableFunction of(DeclaredFunction function) {
            return null;
        }

        @Override
        public Set<String> names() {
            return Set.of();
        }
    };

    /** The handler bean of that name, or null. */
    @Nullable
    InvocableFunction find(String name);

    /** A {@code Function} or {@code Consumer} over the platform's event types, or null if it is none. */
    @Nullable
    InvocableFunction of(DeclaredFunction function);

    /** The names of all handler beans. */
    Set<String> names();
}
