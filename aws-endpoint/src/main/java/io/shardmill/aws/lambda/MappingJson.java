package io.shardmill.aws.lambda;

import io.shardmill.poller.control.MappingConfiguration;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.stream.StartingPosition;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Mappings as Lambda's API writes them (spec 1.2 and 1.3). */
final class MappingJson {

    private final FunctionNames names;

    MappingJson(FunctionNames names) {
        this.names = names;
    }

    Map<String, Object> of(MappingConfiguration configuration) {
        EventSourceMapping mapping = configuration.mapping();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("UUID", configuration.uuid().toString());
        json.put("EventSourceMappingArn", names.scope().arn("lambda", "event-source-mapping:" + configuration.uuid()));
        json.put("EventSourceArn", streamArn(mapping));
        json.put("FunctionArn", functionArn(mapping));
        json.put("StartingPosition", mapping.startingPosition().type());
        if (mapping.startingPosition() instanceof StartingPosition.AtTimestamp at) {
            json.put("StartingPositionTimestamp", seconds(at.timestamp()));
        }
        json.put("BatchSize", mapping.batching().batchSize());
        json.put(
                "MaximumBatchingWindowInSeconds",
                mapping.batching().maximumBatchingWindow().toSeconds());
        json.put("ParallelizationFactor", mapping.batching().parallelizationFactor());
        json.put("TumblingWindowInSeconds", mapping.batching().tumblingWindow().toSeconds());
        putFilters(json, mapping.filters().patterns());
        putFailureHandling(json, mapping.failureHandling());
        json.put("State", state(configuration.state()));
        json.put("StateTransitionReason", configuration.stateTransitionReason());
        json.put("LastProcessingResult", configuration.lastProcessingResult());
        json.put("LastModified", seconds(configuration.lastModified()));
        mapping.labels()
                .ignored()
                .forEach((name, value) -> json.put(name, JsonMapper.shared().readTree(value)));
        return json;
    }

    private static void putFilters(Map<String, Object> json, List<String> patterns) {
        if (!patterns.isEmpty()) {
            json.put(
                    "FilterCriteria",
                    Map.of(
                            "Filters",
                            patterns.stream()
                                    .map(pattern -> Map.of("Pattern", pattern))
                                    .toList()));
        }
    }

    private static void putFailureHandling(Map<String, Object> json, FailureHandling failures) {
        Duration age = failures.maximumRecordAge();
        json.put("MaximumRecordAgeInSeconds", age == null ? -1 : age.toSeconds());
        json.put("MaximumRetryAttempts", failures.maximumRetryAttempts());
        json.put("BisectBatchOnFunctionError", failures.bisectBatchOnFunctionError());
        json.put(
                "FunctionResponseTypes",
                failures.reportBatchItemFailures() ? List.of("ReportBatchItemFailures") : List.of());
        String destination = failures.destination();
        json.put(
                "DestinationConfig",
                Map.of("OnFailure", destination == null ? Map.of() : Map.of("Destination", destination)));
    }

    /** A mapping names a stream of this process by its name, and any other source by its ARN. */
    String streamArn(EventSourceMapping mapping) {
        String stream = mapping.stream();
        return stream.startsWith("arn:") ? stream : names.scope().streamArn(stream);
    }

    String functionArn(EventSourceMapping mapping) {
        return names.arn(mapping.function(), null);
    }

    /** A mapping that the application is stopping delivers nothing. */
    private static String state(State state) {
        String name = state == State.STOPPED ? "DISABLED" : state.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    /** Of the epoch. */
    private static BigDecimal seconds(Instant time) {
        return BigDecimal.valueOf(time.toEpochMilli(), 3);
    }
}
