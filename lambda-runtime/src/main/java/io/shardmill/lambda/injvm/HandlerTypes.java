package io.shardmill.lambda.injvm;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The type arguments of a class's {@link RequestHandler}, found through superclasses and interfaces.
 *
 * @param input what the event is read as; {@code Void} for none
 * @param output what the answer is written as; {@code Void} for none
 */
record HandlerTypes(Type input, Type output) {

    private record Seen(Class<?> type, Map<TypeVariable<?>, Type> arguments) {

        Seen parent(Type generic) {
            if (!(generic instanceof ParameterizedType parameterized)) {
                return new Seen((Class<?>) generic, Map.of());
            }
            Class<?> raw = (Class<?>) parameterized.getRawType();
            Map<TypeVariable<?>, Type> resolved = new HashMap<>();
            for (int index = 0; index < raw.getTypeParameters().length; index++) {
                Type argument = parameterized.getActualTypeArguments()[index];
                resolved.put(
                        raw.getTypeParameters()[index],
                        argument instanceof TypeVariable<?> variable
                                ? arguments.getOrDefault(variable, variable)
                                : argument);
            }
            return new Seen(raw, resolved);
        }
    }

    /** @throws HandlerInitException if the class leaves them open */
    static HandlerTypes of(Class<?> handler) {
        Seen found = find(handler);
        if (found == null || found.arguments().isEmpty()) {
            throw new HandlerInitException(
                    "Class " + handler.getName() + " does not implement RequestHandler with concrete type parameters");
        }
        TypeVariable<?>[] parameters = RequestHandler.class.getTypeParameters();
        for (TypeVariable<?> parameter : parameters) {
            if (found.arguments().get(parameter) instanceof TypeVariable<?> open && isUnbounded(open)) {
                throw new HandlerInitException("Class " + handler.getName()
                        + " does not implement RequestHandler with concrete type parameters: parameter " + open
                        + " has no upper bound.");
            }
        }
        return new HandlerTypes(argument(found, parameters[0]), argument(found, parameters[1]));
    }

    private static Type argument(Seen found, TypeVariable<?> parameter) {
        return found.arguments().getOrDefault(parameter, parameter);
    }

    /** Breadth first, interfaces before the superclass. */
    private static @Nullable Seen find(Class<?> handler) {
        Queue<Seen> waiting = new ArrayDeque<>();
        waiting.add(new Seen(handler, Map.of()));
        while (!waiting.isEmpty()) {
            Seen seen = waiting.remove();
            if (seen.type() == RequestHandler.class) {
                return seen;
            }
            for (Type each : seen.type().getGenericInterfaces()) {
                waiting.add(seen.parent(each));
            }
            Type superclass = seen.type().getGenericSuperclass();
            if (superclass != null) {
                waiting.add(seen.parent(superclass));
            }
        }
        return null;
    }

    private static boolean isUnbounded(TypeVariable<?> variable) {
        return Arrays.stream(variable.getBounds()).allMatch(Object.class::equals);
    }
}
