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
    static final ArnPattern STREAM_ARN = ArnPattern.of("arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+");

    /** No member that has a pattern may be longer, and a pattern takes its time over a text that is far too long. */
    private static final int MAX_MATCHED = 2048;

    static final Pattern SEQUENCE_NUMBER = Pattern.compile("0|([1-9]\\d{0,128})");

    /** Of a value that a request may make as long as it likes. */
    private static final int MAX_SHOWN = 1_000;

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

    /** Limit its {@link #length} too. */
    Constraints matches(String member, @Nullable String value, ArnPattern pattern) {
        return matches(member, value, pattern.matched(), pattern.shown());
    }

    /** Limit its {@link #length} too. */
    Constraints matches(String member, @Nullable String value, Pattern pattern) {
        return matches(member, value, pattern, pattern.pattern());
    }

    private Constraints matches(String member, @Nullable String value, Pattern pattern, String shown) {
        boolean fits = value == null || value.length() <= MAX_MATCHED;
        if (value != null && fits && !pattern.matcher(value).matches()) {
            breaks(member, quoted(value), "Member must satisfy regular expression pattern: " + shown);
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

    /** How many bytes of data there are. */
    Constraints bytes(String member, int length, int max) {
        String shown = "java.nio.HeapByteBuffer[pos=0 lim=" + length + " cap=" + length + "]";
        return atMost(member, shown, length, max, "length");
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
        String text = String.valueOf(value);
        return "'" + (text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text) + "'";
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
