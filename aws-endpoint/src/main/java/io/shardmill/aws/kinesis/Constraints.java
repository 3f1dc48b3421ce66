package io.shardmill.aws.kinesis;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The constraints of Kinesis's API model on single members; all that are broken are told at once, in AWS's words.
 * Members are named as AWS names them there: {@code streamName}, {@code records.1.member.partitionKey}.
 * A member that is null breaks none but {@link #required}.
 */
final class Constraints {

    static final Pattern STREAM_NAME = Pattern.compile("[a-zA-Z0-9_.-]+");
    static final Pattern STREAM_ARN = Pattern.compile("arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+");

    private final List<String> broken = new ArrayList<>();

    Constraints required(String member, @Nullable Object value) {
        if (value == null) {
            breaks(member, "null", "Member must not be null");
        }
        return this;
    }

    Constraints length(String member, @Nullable String value, int min, int max) {
        int length = value == null ? min : value.codePointCount(0, value.length());
        return atLeast(member, value, length, min, "length").atMost(member, value, length, max, "length");
    }

    Constraints range(String member, @Nullable Integer value, int min, int max) {
        int number = value == null ? min : value;
        return atLeast(member, value, number, min, "value").atMost(member, value, number, max, "value");
    }

    Constraints matches(String member, @Nullable String value, Pattern pattern) {
        if (value != null && !pattern.matcher(value).matches()) {
            breaks(member, quoted(value), "Member must satisfy regular expression pattern: " + pattern);
        }
        return this;
    }

    Constraints oneOf(String member, @Nullable String value, List<String> values) {
        if (value != null && !values.contains(value)) {
            breaks(member, quoted(value), "Member must satisfy enum value set: " + values);
        }
        return this;
    }

    /** How many entries a list or map has. */
    Constraints count(String member, int count, int min, int max) {
        Object shown = "[" + count + " members]";
        return atLeast(member, shown, count, min, "length").atMost(member, shown, count, max, "length");
    }

    private Constraints atLeast(String member, @Nullable Object value, int measure, int min, String what) {
        if (measure < min) {
            breaks(member, quoted(value), "Member must have " + what + " greater than or equal to " + min);
        }
        return this;
    }

    private Constraints atMost(String member, @Nullable Object value, int measure, int max, String what) {
        if (measure > max) {
            breaks(member, quoted(value), "Member must have " + what + " less than or equal to " + max);
        }
        return this;
    }

    private static String quoted(@Nullable Object value) {
        return "'" + value + "'";
    }

    private void breaks(String member, String value, String rule) {
        broken.add("Value " + value + " at '" + member + "' failed to satisfy constraint: " + rule);
    }

    /** @throws KinesisException if anything is broken */
    void check() {
        if (!broken.isEmpty()) {
            throw KinesisException.validation(
                    broken.size() + (broken.size() == 1 ? " validation error" : " validation errors") + " detected: "
                            + String.join("; ", broken));
        }
    }
}
