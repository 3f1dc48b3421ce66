package io.shardmill.aws.protocol;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A constraint of AWS's API model on one member. Only {@link #required} is broken by a member that is missing.
 *
 * @param <T> the member's type
 */
@FunctionalInterface
public interface Constraint<T> {

    /** No member that has a pattern may be longer; a pattern takes its time over a text that is far too long. */
    int MAX_MATCHED = 2_048;

    /**
     * Adds what the value breaks to the violations.
     *
     * @param member as AWS's messages name it
     */
    void check(String member, @Nullable T value, Violations violations);

    static <T> Constraint<T> required() {
        return (member, value, violations) -> {
            if (value == null) {
                violations.add(member, null, "Member must not be null");
            }
        };
    }

    /** Limits the characters of a text. */
    static Constraint<String> length(int min, int max) {
        return present((member, value, violations) ->
                bounds(member, value, value.codePointCount(0, value.length()), "length", min, max, violations));
    }

    static Constraint<Integer> range(int min, int max) {
        return present((member, value, violations) -> bounds(member, value, value, "value", min, max, violations));
    }

    /** Limits the entries of a list. */
    static <T extends Collection<?>> Constraint<T> items(int min, int max) {
        return present((member, value, violations) ->
                bounds(member, "[" + value.size() + " members]", value.size(), "length", min, max, violations));
    }

    /** Limits the entries of a map, and the characters of its keys and values. */
    static Constraint<Map<String, String>> entries(int min, int max, int maxKey, int maxValue) {
        return present((member, value, violations) -> {
            bounds(member, value, value.size(), "length", min, max, violations);
            if (!fit(value.keySet(), 1, maxKey)) {
                violations.add(member, value, "Map keys must satisfy constraint: " + lengths(1, maxKey));
            }
            if (!fit(value.values(), 0, maxValue)) {
                violations.add(member, value, "Map value must satisfy constraint: " + lengths(0, maxValue));
            }
        });
    }

    /** Limits the characters of each text of a list. */
    static Constraint<List<String>> lengthOfEach(int min, int max) {
        return present((member, value, violations) -> {
            if (!fit(value, min, max)) {
                violations.add(member, value, "Member must satisfy constraint: " + lengths(min, max));
            }
        });
    }

    /** Requires the whole text to match. Limit its {@link #length} too. */
    static Constraint<String> matches(Pattern pattern) {
        return matches(pattern, pattern.pattern());
    }

    /**
     * Requires the whole text to match.
     *
     * @param shown the pattern in AWS's words
     */
    static Constraint<String> matches(Pattern pattern, String shown) {
        return present((member, value, violations) -> {
            if (value.length() <= MAX_MATCHED && !pattern.matcher(value).matches()) {
                violations.add(member, value, "Member must satisfy regular expression pattern: " + shown);
            }
        });
    }

    /**
     * Requires an ARN of AWS's pattern. It is matched so that {@code .*} between two colons takes in no colon: several in
     * a row that may would need a second for a text of 2,048 characters.
     */
    static Constraint<String> matchesArn(String shown) {
        return matches(Pattern.compile(shown.replace(".*", "[^:]*")), shown);
    }

    static Constraint<String> oneOf(List<String> values) {
        return present((member, value, violations) -> {
            if (!values.contains(value)) {
                violations.add(member, value, "Member must satisfy enum value set: " + values);
            }
        });
    }

    static Constraint<List<String>> eachOf(List<String> values) {
        return present((member, value, violations) -> {
            if (!values.containsAll(value)) {
                violations.add(
                        member,
                        value,
                        "Member must satisfy constraint: [Member must satisfy enum value set: " + values
                                + ", Member must not be null]");
            }
        });
    }

    /** A constraint on a value that is there. */
    interface OnPresent<T> {
        void check(String member, T value, Violations violations);
    }

    private static <T> Constraint<T> present(OnPresent<T> constraint) {
        return (member, value, violations) -> {
            if (value != null) {
                constraint.check(member, value, violations);
            }
        };
    }

    private static void bounds(
            String member, Object value, int measure, String what, int min, int max, Violations violations) {
        if (measure < min) {
            violations.add(member, value, "Member must have " + what + " greater than or equal to " + min);
        } else if (measure > max) {
            violations.add(member, value, "Member must have " + what + " less than or equal to " + max);
        }
    }

    private static boolean fit(Collection<String> texts, int min, int max) {
        return texts.stream().mapToInt(String::length).allMatch(length -> length >= min && length <= max);
    }

    private static String lengths(int min, int max) {
        return "[Member must have length less than or equal to " + max
                + ", Member must have length greater than or equal to " + min + "]";
    }
}
