package io.shardmill.spring;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.function.context.FunctionCatalog;
import org.springframework.cloud.function.context.catalog.SimpleFunctionRegistry.FunctionInvocationWrapper;
import org.springframework.core.ResolvableType;

/** Spring Cloud Function's registry; nothing else here sees its types. */
final class CloudFunctions {

    private static final String ROUTER = "functionRouter";

    private final FunctionCatalog catalog;

    CloudFunctions(FunctionCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * The function of that name, or the composition, such as {@code parse|store}; null if there is none. The registry
     * answers any name with an application's only function: that is none.
     */
    @Nullable
    DeclaredFunction find(String name) {
        FunctionInvocationWrapper found = catalog.lookup(name);
        return found == null || !found.getFunctionDefinition().equals(name)
                ? null
                : new DeclaredFunction(name, type(found.getInputType()), type(found.getOutputType()), call(found));
    }

    private static @Nullable ResolvableType type(java.lang.reflect.@Nullable Type type) {
        return type == null ? null : ResolvableType.forType(type);
    }

    /** Calls the bean itself: its wrapper costs more than everything else on a batch's way. */
    @SuppressWarnings("unchecked") // the wrapper knows the types, we check them
    private static Function<Object, @Nullable Object> call(FunctionInvocationWrapper found) {
        Object target = found.getTarget();
        if (target instanceof Consumer<?> consumer && found.isConsumer()) {
            return input -> {
                ((Consumer<Object>) consumer).accept(input);
                return null;
            };
        }
        return target instanceof Function<?, ?> function
                ? (Function<Object, @Nullable Object>) function
                : input -> found.apply(input);
    }

    Set<String> names() {
        Set<String> names = new TreeSet<>(catalog.getNames(Function.class));
        names.addAll(catalog.getNames(Consumer.class));
        names.remove(ROUTER);
        return names;
    }
}
