package io.shardmill.aws.protocol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the constraints that a request breaks, and reports the first ten together, in AWS's words. */
public final class Violations {

    private static final int MOST = 10;
    /** Characters of a value that a message repeats: the request may make it as long as it likes. */
    private static final int MAX_SHOWN = 1_000;

    private final List<String> broken = new ArrayList<>();

    /**
     * Adds a broken constraint.
     *
     * @param member as AWS's messages name it, such as {@code records.1.member.partitionKey}
     * @param rule the sentence behind {@code failed to satisfy constraint:}
     */
    public void add(String member, @Nullable Object value, String rule) {
        if (!isFull()) {
            broken.add("Value " + shown(value) + " at '" + member + "' failed to satisfy constraint: " + rule);
        }
    }

    private static String shown(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        String text = value.toString();
        return "'" + (text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text) + "'";
    }

    /** Returns whether what is added is not reported any more. */
    boolean isFull() {
        return broken.size() == MOST;
    }

    /** Returns how AWS shows data of that length. */
    public static String buffer(int length) {
        return "java.nio.HeapByteBuffer[pos=0 lim=" + length + " cap=" + length + "]";
    }

    /**
     * Ends the request if anything is broken.
     *
     * @throws AwsException with all that is
     */
    public void check() {
        if (!broken.isEmpty()) {
            throw AwsException.validation(
                    broken.size() + (broken.size() == 1 ? " validation error" : " validation errors") + " detected: "
                            + String.join("; ", broken));
        }
    }
}
