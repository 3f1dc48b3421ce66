package io.shardmill.aws.lambda;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of a request as its JSON has them; null ones are as good as missing. */
record Members(Map<String, ?> values) {

    boolean has(String name) {
        return values.get(name) != null;
    }

    @Nullable
    String text(String name) {
        return value(name, String.class);
    }

    String text(String name, String missing) {
        String text = text(name);
        return text == null ? missing : text;
    }

    /** @throws LambdaRefusal if it is not there */
    String required(String name) {
        String text = text(name);
        if (text == null) {
            String member = Character.toLowerCase(name.charAt(0)) + name.substring(1);
            throw LambdaRefusal.constraint(member, null, "not be null");
        }
        return text;
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(value(name, Boolean.class));
    }

    @Nullable
    Integer number(String name) {
        Number number = value(name, Number.class);
        try {
            return number == null ? null : (Integer) new BigDecimal(number.toString()).intValueExact();
        } catch (ArithmeticException | NumberFormatException notWhole) {
            throw LambdaRefusal.unreadable(name + " must be an Integer");
        }
    }

    /** @throws LambdaRefusal if it is beyond AWS's range */
    int number(String name, int missing, int min, int max) {
        Integer number = number(name);
        String member = Character.toLowerCase(name.charAt(0)) + name.substring(1);
        if (number != null && number < min) {
            throw LambdaRefusal.constraint(member, number, "have value greater than or equal to " + min);
        }
        if (number != null && number > max) {
            throw LambdaRefusal.constraint(member, number, "have value less than or equal to " + max);
        }
        return number == null ? missing : number;
    }

    /** The members of a member; none if it is not there. */
    Members of(String name) {
        Map<?, ?> members = value(name, Map.class);
        Map<String, Object> texts = new LinkedHashMap<>();
        if (members != null) {
            members.forEach((key, value) -> {
                if (value != null) {
                    texts.put(String.valueOf(key), value);
                }
            });
        }
        return new Members(texts);
    }

    List<?> list(String name) {
        List<?> list = value(name, List.class);
        return list == null ? List.of() : list;
    }

    /** @throws LambdaRefusal if a value is no text */
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        values.keySet().forEach(name -> texts.put(name, text(name, "")));
        return texts;
    }

    private <T> @Nullable T value(String name, Class<T> type) {
        Object value = values.get(name);
        if (value != null && !type.isInstance(value)) {
            throw LambdaRefusal.unreadable(name + " must be a " + type.getSimpleName());
        }
        return type.cast(value);
    }

    /** Environments may hold secrets: names only. */
    @Override
    public String toString() {
        return "Members" + values.keySet();
    }
}
