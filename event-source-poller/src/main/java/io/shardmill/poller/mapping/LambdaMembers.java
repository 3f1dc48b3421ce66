package io.shardmill.poller.mapping;

import io.shardmill.poller.mapping.LambdaErrorException.LambdaError;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of a request as its JSON has them; null ones are as good as missing. */
final class LambdaMembers {

    private static final LambdaMembers NONE = new LambdaMembers(Map.of());

    private final Map<String, ?> members;

    LambdaMembers(Map<String, ?> members) {
        this.members = members;
    }

    boolean has(String name) {
        return members.get(name) != null;
    }

    @Nullable
    String text(String name) {
        return value(name, String.class);
    }

    @Nullable
    Boolean flag(String name) {
        return value(name, Boolean.class);
    }

    @Nullable
    Integer number(String name) {
        Number number = value(name, Number.class);
        if (number == null) {
            return null;
        }
        try {
            return new BigDecimal(number.toString()).intValueExact();
        } catch (ArithmeticException | NumberFormatException notWhole) {
            throw unreadable(name, "an Integer", notWhole);
        }
    }

    /** Seconds of the epoch, with fractions. */
    @Nullable
    Instant time(String name) {
        Number seconds = value(name, Number.class);
        return seconds == null
                ? null
                : Instant.ofEpochMilli(
                        new BigDecimal(seconds.toString()).movePointRight(3).longValue());
    }

    List<String> texts(String name) {
        List<?> values = value(name, List.class);
        return values == null ? List.of() : values.stream().map(String::valueOf).toList();
    }

    boolean isEmptyList(String name) {
        List<?> values = value(name, List.class);
        return values == null || values.isEmpty();
    }

    /** The members of a member. */
    LambdaMembers of(String name) {
        Map<?, ?> values = value(name, Map.class);
        if (values == null) {
            return NONE;
        }
        @SuppressWarnings("unchecked") // of JSON: all keys are texts
        Map<String, ?> members = (Map<String, ?>) values;
        return new LambdaMembers(members);
    }

    /** The members of each object of a list. */
    List<LambdaMembers> each(String name) {
        List<?> values = value(name, List.class);
        if (values == null) {
            return List.of();
        }
        return values.stream()
                .map(value -> new LambdaMembers(Collections.singletonMap(name, value)).of(name))
                .toList();
    }

    private <T> @Nullable T value(String name, Class<T> type) {
        Object value = members.get(name);
        if (value != null && !type.isInstance(value)) {
            throw unreadable(name, "a " + type.getSimpleName(), new ClassCastException(name));
        }
        return type.cast(value);
    }

    private static LambdaErrorException unreadable(String name, String type, RuntimeException cause) {
        return new LambdaErrorException(LambdaError.SerializationException, name + " must be " + type, cause);
    }
}
