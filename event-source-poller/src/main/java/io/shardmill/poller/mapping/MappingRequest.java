package io.shardmill.poller.mapping;

import io.shardmill.poller.mapping.LambdaErrorException.LambdaError;
import io.shardmill.poller.stream.StartingPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lambda's {@code CreateEventSourceMapping} or {@code UpdateEventSourceMapping}, with Lambda's names and types, and
 * refused with Lambda's errors (spec 1.1 and 10.1). What the API model doesn't know is left out, as AWS does.
 */
public final class MappingRequest {

    private static final String AT_TIMESTAMP = "AT_TIMESTAMP";
    private static final List<String> STARTING_POSITIONS = List.of("LATEST", AT_TIMESTAMP, "TRIM_HORIZON");
    private static final List<String> RESPONSE_TYPES = List.of("ReportBatchItemFailures");
    private static final int FOREVER = -1;
    private static final int MIN_AGE_SECONDS = 60;
    private static final int MAX_AGE_SECONDS = 604_800;

    private final LambdaMembers members;

    /** @param members of the request's JSON: texts, numbers, booleans, lists and maps */
    public MappingRequest(Map<String, ?> members) {
        this.members = new LambdaMembers(members);
    }

    public @Nullable String eventSourceArn() {
        return members.text("EventSourceArn");
    }

    /** Null if the request doesn't say. */
    public @Nullable Boolean enabled() {
        return members.flag("Enabled");
    }

    /**
     * The mapping to create.
     *
     * @param now a starting position may not be later
     * @throws LambdaErrorException if Lambda refuses it
     */
    public EventSourceMapping create(String name, Instant now) {
        checkConstraints(true);
        String arn = eventSourceArn();
        if (arn == null || !arn.startsWith("arn:")) {
            throw invalid("Unrecognized event source.");
        }
        checkRules();
        EventSource source = new EventSource(LambdaNames.stream(arn), startingPosition(arn, now));
        return changed(EventSourceMapping.of(name, source.stream()).with(source));
    }

    /**
     * The mapping with what the request changes; members that can only be created are left out (spec 1.4).
     *
     * @throws LambdaErrorException if Lambda refuses it
     */
    public EventSourceMapping update(EventSourceMapping current) {
        checkConstraints(false);
        checkRules();
        return changed(current);
    }

    private void checkConstraints(boolean creates) {
        LambdaConstraints constraints = new LambdaConstraints()
                .length("functionName", members.text("FunctionName"), 1, 256)
                .range("batchSize", members.number("BatchSize"), 1, 10_000)
                .range("maximumBatchingWindowInSeconds", members.number("MaximumBatchingWindowInSeconds"), 0, 300)
                .range("parallelizationFactor", members.number("ParallelizationFactor"), 1, 10)
                .range("tumblingWindowInSeconds", members.number("TumblingWindowInSeconds"), 0, 900)
                .range(
                        "maximumRecordAgeInSeconds",
                        members.number("MaximumRecordAgeInSeconds"),
                        FOREVER,
                        MAX_AGE_SECONDS)
                .range("maximumRetryAttempts", members.number("MaximumRetryAttempts"), FOREVER, 10_000)
                .eachOf("functionResponseTypes", members.texts("FunctionResponseTypes"), RESPONSE_TYPES);
        if (creates) {
            constraints
                    .required("functionName", members.text("FunctionName"))
                    .oneOf("startingPosition", members.text("StartingPosition"), STARTING_POSITIONS);
        }
        constraints.check();
    }

    private void checkRules() {
        Integer age = members.number("MaximumRecordAgeInSeconds");
        if (age != null && age != FOREVER && age < MIN_AGE_SECONDS) {
            throw invalid("MaximumRecordAgeInSeconds must be either -1 (forever) or between 60 and 604800 (inclusive)");
        }
        if (members.has("ScalingConfig")) {
            throw invalid("Unsupported ScalingConfig parameter for given event source mapping type.");
        }
        if (members.of("DestinationConfig").has("OnSuccess")) {
            throw invalid("OnSuccess configuration is not supported for event source mappings.");
        }
    }

    private StartingPosition startingPosition(String arn, Instant now) {
        String type = members.text("StartingPosition");
        Instant timestamp = members.time("StartingPositionTimestamp");
        if (type == null) {
            throw invalid("1 validation error detected: " + LambdaConstraints.isNull("startingPosition") + ".");
        }
        boolean atTimestamp = type.equals(AT_TIMESTAMP);
        if (atTimestamp && LambdaNames.isDynamoDb(arn)) {
            throw invalid("Unsupported starting position for arn type: " + arn);
        }
        if (!atTimestamp && timestamp != null) {
            throw invalid("Timestamp only valid with StartingPosition AT_TIMESTAMP");
        }
        if (atTimestamp && timestamp == null) {
            throw invalid("StartingPosition AT_TIMESTAMP needs StartingPositionTimestamp");
        }
        if (timestamp != null && timestamp.isAfter(now)) {
            throw invalid("StartingPositionTimestamp must not be in the future");
        }
        return StartingPosition.of(type, timestamp);
    }

    private EventSourceMapping changed(EventSourceMapping base) {
        String function = members.text("FunctionName");
        try {
            return new EventSourceMapping(
                    base.name(),
                    new EventSource(base.stream(), base.startingPosition(), filters(base.filters())),
                    function == null ? base.function() : LambdaNames.function(function),
                    batching(base.batching()),
                    failureHandling(base.failureHandling()));
        } catch (InvalidMappingException together) { // settings that are right alone
            throw invalid(String.valueOf(together.getMessage()));
        }
    }

    /** An object without filters removes them. */
    private FilterCriteria filters(FilterCriteria base) {
        if (!members.has("FilterCriteria")) {
            return base;
        }
        List<String> patterns = new ArrayList<>();
        for (LambdaMembers filter : members.of("FilterCriteria").each("Filters")) {
            String pattern = filter.text("Pattern");
            if (pattern != null) {
                patterns.add(pattern);
            }
        }
        try {
            return new FilterCriteria(patterns);
        } catch (InvalidMappingException refused) {
            throw patterns.size() > FilterCriteria.MAX_PATTERNS
                    ? refused
                    : invalid("Invalid filter pattern definition.");
        }
    }

    private Batching batching(Batching base) {
        return new Batching(
                or(members.number("BatchSize"), base.batchSize()),
                seconds("MaximumBatchingWindowInSeconds", base.maximumBatchingWindow()),
                or(members.number("ParallelizationFactor"), base.parallelizationFactor()),
                seconds("TumblingWindowInSeconds", base.tumblingWindow()));
    }

    private Duration seconds(String name, Duration missing) {
        Integer seconds = members.number(name);
        return seconds == null ? missing : Duration.ofSeconds(seconds);
    }

    private FailureHandling failureHandling(FailureHandling base) {
        return new FailureHandling(
                or(members.number("MaximumRetryAttempts"), base.maximumRetryAttempts()),
                recordAge(base),
                or(members.flag("BisectBatchOnFunctionError"), base.bisectBatchOnFunctionError()),
                members.has("FunctionResponseTypes")
                        ? !members.isEmptyList("FunctionResponseTypes")
                        : base.reportBatchItemFailures(),
                destination(base));
    }

    private @Nullable Duration recordAge(FailureHandling base) {
        Integer age = members.number("MaximumRecordAgeInSeconds");
        if (age == null) {
            return base.maximumRecordAge();
        }
        return age == FOREVER ? null : Duration.ofSeconds(age);
    }

    /** An empty text removes it (spec case 25). */
    private @Nullable String destination(FailureHandling base) {
        String destination = members.of("DestinationConfig").of("OnFailure").text("Destination");
        if (destination == null) {
            return base.destination();
        }
        return destination.isEmpty() ? null : destination;
    }

    private static <T> T or(@Nullable T value, T missing) {
        return value == null ? missing : value;
    }

    private static LambdaErrorException invalid(String message) {
        return new LambdaErrorException(LambdaError.InvalidParameterValueException, message);
    }
}
