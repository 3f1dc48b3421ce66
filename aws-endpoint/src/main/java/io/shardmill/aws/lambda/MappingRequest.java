package io.shardmill.aws.lambda;

import static io.shardmill.aws.protocol.Constraint.eachOf;
import static io.shardmill.aws.protocol.Constraint.length;
import static io.shardmill.aws.protocol.Constraint.oneOf;
import static io.shardmill.aws.protocol.Constraint.range;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.aws.protocol.UnsupportedSettings;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSource;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.mapping.FilterCriteria;
import io.shardmill.poller.mapping.InvalidMappingException;
import io.shardmill.poller.mapping.MappingLabels;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.runtime.arn.Arn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code CreateEventSourceMapping} and {@code UpdateEventSourceMapping} say of a mapping, refused in Lambda's words
 * (spec 1.1 and 10.1). What the API model doesn't know is left out, as AWS does.
 *
 * @param unsupported what becomes of settings that mean nothing here
 */
record MappingRequest(Members request, FunctionNames names, UnsupportedSettings unsupported) {

    private static final String AT_TIMESTAMP = "AT_TIMESTAMP";
    private static final int FOREVER = -1;
    private static final int MIN_AGE_SECONDS = 60;
    private static final int MAX_AGE_SECONDS = 604_800;
    private static final int MAX_FILTERS = 5;

    static final Member<String> EVENT_SOURCE_ARN = Member.text("EventSourceArn");
    static final Member<Boolean> ENABLED = Member.flag("Enabled");
    private static final Member<String> FUNCTION_NAME = Member.text("FunctionName", length(1, 256));
    private static final Member<String> STARTING_POSITION =
            Member.text("StartingPosition", oneOf(List.of("LATEST", AT_TIMESTAMP, "TRIM_HORIZON")));
    private static final Member<Instant> TIMESTAMP = Member.time("StartingPositionTimestamp");
    private static final Member<Integer> BATCH_SIZE = Member.integer("BatchSize", range(1, 10_000));
    private static final Member<Integer> BATCHING_WINDOW =
            Member.integer("MaximumBatchingWindowInSeconds", range(0, 300));
    private static final Member<Integer> PARALLELIZATION_FACTOR = Member.integer("ParallelizationFactor", range(1, 10));
    private static final Member<Integer> TUMBLING_WINDOW = Member.integer("TumblingWindowInSeconds", range(0, 900));
    private static final Member<Integer> RECORD_AGE =
            Member.integer("MaximumRecordAgeInSeconds", range(FOREVER, MAX_AGE_SECONDS));
    private static final Member<Integer> RETRY_ATTEMPTS =
            Member.integer("MaximumRetryAttempts", range(FOREVER, 10_000));
    private static final Member<Boolean> BISECT = Member.flag("BisectBatchOnFunctionError");
    private static final Member<List<String>> RESPONSE_TYPES =
            Member.texts("FunctionResponseTypes", eachOf(List.of("ReportBatchItemFailures")));
    private static final Member<String> PATTERN = Member.text("Pattern", length(0, 4_096));
    private static final Member<List<Members>> FILTERS = Member.structures("Filters", Shape.of(PATTERN));
    private static final Member<Members> FILTER_CRITERIA = Member.structure("FilterCriteria", Shape.of(FILTERS));
    private static final Member<String> DESTINATION = Member.text("Destination", length(0, 1_024));
    private static final Member<Members> ON_FAILURE = Member.structure("OnFailure", Shape.of(DESTINATION));
    private static final Member<Object> ON_SUCCESS = Member.any("OnSuccess");
    private static final Member<Members> DESTINATION_CONFIG =
            Member.structure("DestinationConfig", Shape.of(ON_FAILURE, ON_SUCCESS));
    private static final Member<Object> SCALING_CONFIG = Member.any("ScalingConfig");
    private static final Member<Map<String, String>> TAGS = FunctionMembers.TAGS;

    private static final List<Member<?>> SETTINGS = List.of(
            ENABLED,
            BATCH_SIZE,
            BATCHING_WINDOW,
            PARALLELIZATION_FACTOR,
            TUMBLING_WINDOW,
            RECORD_AGE,
            RETRY_ATTEMPTS,
            BISECT,
            RESPONSE_TYPES,
            FILTER_CRITERIA,
            DESTINATION_CONFIG,
            SCALING_CONFIG);

    static final Shape UPDATE = Shape.of(FUNCTION_NAME).with(SETTINGS).with(Unsupported.OF_MAPPINGS.members());
    static final Shape CREATE = Shape.of(FUNCTION_NAME.required(), EVENT_SOURCE_ARN, STARTING_POSITION, TIMESTAMP, TAGS)
            .with(SETTINGS)
            .with(Unsupported.OF_MAPPINGS.members());

    boolean enabled(boolean defaultValue) {
        return request.get(ENABLED, defaultValue);
    }

    /**
     * Returns the mapping to create.
     *
     * @param now a starting position may not be later
     * @throws AwsException if Lambda refuses it
     */
    EventSourceMapping create(String name, Instant now) {
        String arn = request.get(EVENT_SOURCE_ARN, "");
        Arn source = Arn.parse(arn);
        if (source == null) {
            throw LambdaErrors.invalid("Unrecognized event source.");
        }
        checkRules();
        StartingPosition position = startingPosition(source, now);
        MappingLabels labels = MappingLabels.NONE.withTags(LambdaTags.checked(request.get(TAGS, Map.of())));
        return changed(EventSourceMapping.of(name, "new")
                .with(new EventSource(stream(source), position))
                .with(labels));
    }

    /** Returns a Kinesis stream's name; of any other source, such as a stream's consumer, the whole ARN. */
    private String stream(Arn source) {
        String prefix = "stream/";
        if (!source.service().equals("kinesis")
                || !source.resource().startsWith(prefix)
                || source.resource().indexOf('/', prefix.length()) > 0) {
            return source.toString();
        }
        if (!names.scope().contains(source)) {
            throw MappingOperations.streamNotFound(source.toString());
        }
        return source.resource().substring(prefix.length());
    }

    /**
     * Returns the mapping with what the request changes; members that can only be created are left out (spec 1.4).
     *
     * @throws AwsException if Lambda refuses it
     */
    EventSourceMapping update(EventSourceMapping current) {
        checkRules();
        return changed(current);
    }

    private void checkRules() {
        Integer age = request.get(RECORD_AGE);
        if (age != null && age != FOREVER && age < MIN_AGE_SECONDS) {
            throw LambdaErrors.invalid(
                    "MaximumRecordAgeInSeconds must be either -1 (forever) or between 60 and 604800 (inclusive)");
        }
        if (request.get(SCALING_CONFIG) instanceof Map<?, ?> scaling && !scaling.isEmpty()) {
            throw LambdaErrors.invalid("Unsupported ScalingConfig parameter for given event source mapping type.");
        }
        Members destinations = request.get(DESTINATION_CONFIG);
        if (destinations != null && destinations.has(ON_SUCCESS)) {
            throw LambdaErrors.invalid("OnSuccess configuration is not supported for event source mappings.");
        }
    }

    private StartingPosition startingPosition(Arn source, Instant now) {
        String type = request.get(STARTING_POSITION);
        Instant timestamp = request.get(TIMESTAMP);
        if (type == null) {
            throw LambdaErrors.invalid("1 validation error detected: Value null at 'startingPosition' failed to satisfy"
                    + " constraint: Member must not be null.");
        }
        boolean atTimestamp = type.equals(AT_TIMESTAMP);
        if (atTimestamp && source.service().equals("dynamodb")) {
            throw LambdaErrors.invalid("Unsupported starting position for arn type: " + source);
        }
        if (!atTimestamp && timestamp != null) {
            throw LambdaErrors.invalid("Timestamp only valid with StartingPosition AT_TIMESTAMP");
        }
        if (atTimestamp && timestamp == null) {
            throw LambdaErrors.invalid("StartingPosition AT_TIMESTAMP needs StartingPositionTimestamp");
        }
        if (timestamp != null && timestamp.isAfter(now)) {
            throw LambdaErrors.invalid("StartingPositionTimestamp must not be in the future");
        }
        return StartingPosition.of(type, timestamp);
    }

    private EventSourceMapping changed(EventSourceMapping base) {
        String function = request.get(FUNCTION_NAME);
        try {
            return new EventSourceMapping(
                    base.name(),
                    new EventSource(base.stream(), base.startingPosition(), filters(base.filters())),
                    function == null ? base.function() : functionOf(function),
                    batching(base.batching()),
                    failureHandling(base.failureHandling()),
                    ignoring(base));
        } catch (InvalidMappingException together) { // settings that are right alone
            throw LambdaErrors.invalid(String.valueOf(together.getMessage()));
        }
    }

    private MappingLabels ignoring(EventSourceMapping base) {
        MappingLabels labels = base.labels();
        return labels.withIgnored(Unsupported.OF_MAPPINGS.ignored(
                request, labels.ignored(), unsupported, "event source mapping " + base.name()));
    }

    /** Returns the name with its qualifier exactly as it is given. */
    private String functionOf(String reference) {
        FunctionRef function = names.parse(reference);
        return function.qualifier() == null ? function.name() : function.name() + ":" + function.qualifier();
    }

    /** An object without filters removes them. */
    private FilterCriteria filters(FilterCriteria base) {
        Members criteria = request.get(FILTER_CRITERIA);
        if (criteria == null) {
            return base;
        }
        List<String> patterns = criteria.get(FILTERS, List.of()).stream()
                .flatMap(filter -> Stream.ofNullable(filter.get(PATTERN)))
                .toList();
        try {
            return new FilterCriteria(patterns);
        } catch (InvalidMappingException refused) {
            throw patterns.size() > MAX_FILTERS ? refused : LambdaErrors.invalid("Invalid filter pattern definition.");
        }
    }

    private Batching batching(Batching base) {
        return new Batching(
                request.get(BATCH_SIZE, base.batchSize()),
                seconds(BATCHING_WINDOW, base.maximumBatchingWindow()),
                request.get(PARALLELIZATION_FACTOR, base.parallelizationFactor()),
                seconds(TUMBLING_WINDOW, base.tumblingWindow()));
    }

    private Duration seconds(Member<Integer> member, Duration defaultValue) {
        Integer seconds = request.get(member);
        return seconds == null ? defaultValue : Duration.ofSeconds(seconds);
    }

    private FailureHandling failureHandling(FailureHandling base) {
        List<String> responseTypes = request.get(RESPONSE_TYPES);
        return new FailureHandling(
                request.get(RETRY_ATTEMPTS, base.maximumRetryAttempts()),
                recordAge(base),
                request.get(BISECT, base.bisectBatchOnFunctionError()),
                responseTypes == null ? base.reportBatchItemFailures() : !responseTypes.isEmpty(),
                destination(base),
                base.transactional());
    }

    private @Nullable Duration recordAge(FailureHandling base) {
        Integer age = request.get(RECORD_AGE);
        if (age == null) {
            return base.maximumRecordAge();
        }
        return age == FOREVER ? null : Duration.ofSeconds(age);
    }

    /** An empty configuration, or an empty text, removes it (spec case 25). */
    private @Nullable String destination(FailureHandling base) {
        Members config = request.get(DESTINATION_CONFIG);
        if (config == null) {
            return base.destination();
        }
        Members onFailure = config.get(ON_FAILURE);
        if (onFailure == null) {
            return null;
        }
        String destination = onFailure.get(DESTINATION);
        if (destination == null) {
            throw LambdaErrors.invalid("The Destination field is required for an OnFailure configuration.");
        }
        return destination.isEmpty() ? null : destination;
    }
}
