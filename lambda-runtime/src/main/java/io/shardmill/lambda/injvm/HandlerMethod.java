package io.shardmill.lambda.injvm;

import com.amazonaws.services.lambda.runtime.Context;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A public method as a handler, and the choice among its overloads (runtime API notes 4.2): no bridge methods, then the
 * longest signature, where a {@code Context} at the end counts as one more.
 */
record HandlerMethod(Method method, List<Parameter> parameters) {

    private enum Parameter {
        EVENT,
        INPUT,
        OUTPUT,
        CONTEXT;

        static Parameter of(Type type) {
            if (type == InputStream.class) {
                return INPUT;
            }
            if (type == OutputStream.class) {
                return OUTPUT;
            }
            return type == Context.class ? CONTEXT : EVENT;
        }
    }

    private static final Set<List<Parameter>> USABLE = Set.of(
            List.of(),
            List.of(Parameter.EVENT),
            List.of(Parameter.CONTEXT),
            List.of(Parameter.INPUT),
            List.of(Parameter.OUTPUT),
            List.of(Parameter.EVENT, Parameter.CONTEXT),
            List.of(Parameter.INPUT, Parameter.OUTPUT),
            List.of(Parameter.INPUT, Parameter.CONTEXT),
            List.of(Parameter.OUTPUT, Parameter.CONTEXT),
            List.of(Parameter.INPUT, Parameter.OUTPUT, Parameter.CONTEXT));

    private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);

    private HandlerMethod(Method method) {
        this(
                method,
                Arrays.stream(method.getGenericParameterTypes())
                        .map(Parameter::of)
                        .toList());
    }

    /** The overload that Lambda calls; empty if none has a signature that can be called. */
    static Optional<HandlerMethod> choose(Class<?> handler, String name) {
        return Arrays.stream(handler.getMethods())
                .filter(method -> method.getName().equals(name))
                .map(HandlerMethod::new)
                .sorted(Comparator.comparing((HandlerMethod method) -> method.method.isBridge())
                        .thenComparing(HandlerMethod::length, Comparator.reverseOrder()))
                .filter(method -> USABLE.contains(method.parameters))
                .findFirst();
    }

    private int length() {
        int length = parameters.size();
        return length > 0 && parameters.get(length - 1) == Parameter.CONTEXT ? length + 1 : length;
    }

    private boolean takesStreams() {
        return parameters.contains(Parameter.INPUT) || parameters.contains(Parameter.OUTPUT);
    }

    HandlerFactory with(ObjectConversions conversions) {
        if (takesStreams()) {
            return instance -> new StreamHandler((input, output, context) -> {
                call(instance, null, input, output, context);
                if (!parameters.contains(Parameter.OUTPUT)) {
                    output.write(NULL);
                }
            });
        }
        Type event = parameters.contains(Parameter.EVENT) ? method.getGenericParameterTypes()[0] : null;
        ObjectHandler.Conversion conversion = conversions.between(event, method.getGenericReturnType());
        return instance ->
                new ObjectHandler(conversion, (input, context) -> call(instance, input, null, null, context));
    }

    private @Nullable Object call(
            @Nullable Object instance,
            @Nullable Object event,
            @Nullable InputStream input,
            @Nullable OutputStream output,
            Context context) {
        @Nullable Object[] arguments = new @Nullable Object[parameters.size()];
        for (int index = 0; index < arguments.length; index++) {
            switch (parameters.get(index)) {
                case EVENT -> arguments[index] = event;
                case INPUT -> arguments[index] = input;
                case OUTPUT -> arguments[index] = output;
                case CONTEXT -> arguments[index] = context;
            }
        }
        try {
            return method.invoke(instance, arguments);
        } catch (InvocationTargetException thrown) {
            throw Sneaky.rethrow(thrown.getCause() == null ? thrown : thrown.getCause());
        } catch (IllegalAccessException hidden) {
            throw Sneaky.rethrow(hidden);
        }
    }
}
