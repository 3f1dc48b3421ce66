package io.shardmill.poller.mapping;

import io.shardmill.poller.event.KinesisFormat;
import io.shardmill.poller.event.RecordFields;
import io.shardmill.poller.internal.filter.InvalidPatternException;
import io.shardmill.poller.internal.filter.RecordFilter;
import java.util.List;

/**
 * Which records are delivered: those that match one of the patterns (Lambda's {@code FilterCriteria}; Lambda guide,
 * "Control which events Lambda sends to your function"). Without patterns all of them.
 *
 * @param patterns at most 5, each at most 4,096 characters of JSON
 */
public record FilterCriteria(List<String> patterns) {

    static final int MAX_PATTERNS = 5;
    private static final int MAX_LENGTH = 4_096;
    private static final int SHOWN = 200;

    public FilterCriteria {
        patterns = List.copyOf(patterns);
        if (patterns.size() > MAX_PATTERNS) {
            throw new InvalidMappingException(
                    "filters", patterns.size() + " patterns", "must be at most " + MAX_PATTERNS);
        }
        patterns.forEach(FilterCriteria::validate);
    }

    private static void validate(String pattern) {
        if (pattern.length() > MAX_LENGTH) {
            throw new InvalidMappingException(
                    "filters", "a pattern of " + pattern.length() + " characters", "must have at most " + MAX_LENGTH);
        }
        check(pattern, () -> RecordFilter.validate(KinesisFormat.FILTERED_PAYLOAD, pattern));
    }

    private static void check(String pattern, Runnable check) {
        try {
            check.run();
        } catch (InvalidPatternException invalid) {
            String shown = pattern.length() <= SHOWN ? pattern : pattern.substring(0, SHOWN) + "…";
            throw new InvalidMappingException(
                    "filters",
                    "'" + shown + "'",
                    "is refused: Invalid filter pattern definition. In it " + invalid.getMessage());
        }
    }

    /**
     * Checks the patterns for the records of a source, which a mapping does not know.
     *
     * @throws InvalidMappingException if the source's records can't be asked that
     */
    public void requireFor(RecordFields source) {
        patterns.forEach(pattern -> check(pattern, () -> RecordFilter.validate(source, pattern)));
    }

    /** Every record is delivered. */
    public static FilterCriteria none() {
        return new FilterCriteria(List.of());
    }

    public static FilterCriteria of(String... patterns) {
        return new FilterCriteria(List.of(patterns));
    }

    public boolean isEmpty() {
        return patterns.isEmpty();
    }
}
