package io.shardmill.poller.mapping;

import static io.shardmill.poller.mapping.InvalidMappingException.requireRange;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What follows a failed batch (Lambda's {@code MaximumRetryAttempts}, {@code MaximumRecordAgeInSeconds},
 * {@code BisectBatchOnFunctionError}, {@code FunctionResponseTypes}, {@code DestinationConfig.OnFailure}).
 *
 * @param maximumRetryAttempts 0 to 10,000 after the first attempt, or {@link #UNLIMITED} until the record expires
 * @param maximumRecordAge 60 s to 7 days, or null: records never expire by age
 * @param bisectBatchOnFunctionError whether a failed batch is split in two
 * @param reportBatchItemFailures whether the function's report of failed records counts; always so for a
 *     function whose declared return type is {@code Result}
 * @param destination the name of an on-failure destination, or null: what is given up is logged and dropped
 * @param transactional whether what the function writes into the checkpoints' database is committed together with the fact that
 *     its batch is finished, and rolled back when it fails
 */
public record FailureHandling(
        int maximumRetryAttempts,
        @Nullable Duration maximumRecordAge,
        boolean bisectBatchOnFunctionError,
        boolean reportBatchItemFailures,
        @Nullable String destination,
        boolean transactional) {

    public static final int UNLIMITED = -1;

    private static final Duration MIN_AGE = Duration.ofSeconds(60);
    private static final Duration MAX_AGE = Duration.ofDays(7);

    public FailureHandling {
        requireRange("maximum-retry-attempts", maximumRetryAttempts, UNLIMITED, 10_000);
        if (maximumRecordAge != null
                && (maximumRecordAge.compareTo(MIN_AGE) < 0 || maximumRecordAge.compareTo(MAX_AGE) > 0)) {
            throw new InvalidMappingException(
                    "maximum-record-age",
                    maximumRecordAge,
                    "must be either -1 (forever) or between 60s and 604800s (7 days, inclusive)");
        }
        if (destination != null && destination.isBlank()) {
            throw new InvalidMappingException("on-failure", "''", "must name a destination or be left out");
        }
    }

    /** Returns rules without transactions, as Lambda has none. */
    public FailureHandling(
            int maximumRetryAttempts,
            @Nullable Duration maximumRecordAge,
            boolean bisectBatchOnFunctionError,
            boolean reportBatchItemFailures,
            @Nullable String destination) {
        this(
                maximumRetryAttempts,
                maximumRecordAge,
                bisectBatchOnFunctionError,
                reportBatchItemFailures,
                destination,
                false);
    }

    /** Lambda's: retry until it succeeds or the stream forgets the records. */
    public static FailureHandling defaults() {
        return new FailureHandling(UNLIMITED, null, false, false, null);
    }

    public FailureHandling withMaximumRetryAttempts(int attempts) {
        return new FailureHandling(
                attempts,
                maximumRecordAge,
                bisectBatchOnFunctionError,
                reportBatchItemFailures,
                destination,
                transactional);
    }

    /** Returns the same with another limit, or none. */
    public FailureHandling withMaximumRecordAge(@Nullable Duration age) {
        return new FailureHandling(
                maximumRetryAttempts,
                age,
                bisectBatchOnFunctionError,
                reportBatchItemFailures,
                destination,
                transactional);
    }

    public FailureHandling withBisect() {
        return new FailureHandling(
                maximumRetryAttempts, maximumRecordAge, true, reportBatchItemFailures, destination, transactional);
    }

    public FailureHandling withReportBatchItemFailures() {
        return new FailureHandling(
                maximumRetryAttempts, maximumRecordAge, bisectBatchOnFunctionError, true, destination, transactional);
    }

    public FailureHandling withDestination(@Nullable String destination) {
        return new FailureHandling(
                maximumRetryAttempts,
                maximumRecordAge,
                bisectBatchOnFunctionError,
                reportBatchItemFailures,
                destination,
                transactional);
    }

    public FailureHandling withTransactions() {
        return new FailureHandling(
                maximumRetryAttempts,
                maximumRecordAge,
                bisectBatchOnFunctionError,
                reportBatchItemFailures,
                destination,
                true);
    }
}
