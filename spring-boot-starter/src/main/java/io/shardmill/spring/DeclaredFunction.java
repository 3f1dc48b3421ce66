package io.shardmill.spring;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * A function as the application declares it.
 *
 * @param input its parameter's type, or null for a {@code Supplier}
 * @param output its declared return type, or null for a {@code Consumer}
 * @param call calls it; a consumer's returns null
 */
record DeclaredFunction(
        String name,
        @Nullable ResolvableType input,
        @Nullable ResolvableType output,
        Function<Object, @Nullable Object> call) {

    /** As a declaration reads, such as {@code Function<List<Record>, Result>}. */
    String signature() {
        if (input == null) {
            return "Supplier<" + output + ">";
        }
        return output == null ? "Consumer<" + input + ">" : "Function<" + input + ", " + output + ">";
    }
}
