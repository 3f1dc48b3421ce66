package io.shardmill.poller.mapping;

import io.shardmill.runtime.DurationText;
import java.time.Duration;

/** A mapping breaks a rule of Lambda's; the message names the property, the value and the rule. */
public final class InvalidMappingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final String property;

    public InvalidMappingException(String property, Object value, String rule) {
        super(property + ": " + (value instanceof Duration duration ? DurationText.of(duration) : value) + " " + rule);
        this.property = property;
    }

    /** In kebab case, such as {@code batch-size}. */
    public String property() {
        return property;
    }

    static void requireRange(String property, long value, long min, long max) {
        if (value < min || value > max) {
            throw new InvalidMappingException(property, value, "must be between " + min + " and " + max);
        }
    }
}
