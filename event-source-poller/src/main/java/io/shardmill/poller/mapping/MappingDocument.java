package io.shardmill.poller.mapping;

import io.shardmill.poller.stream.StartingPosition;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A mapping's settings as JSON, to be kept. A document of an older version lacks settings: they get their defaults.
 * One of a newer version has more: they are left out.
 */
public final class MappingDocument {

    private static final JsonFactory JSON = new JsonFactory();

    private static final String STREAM = "stream";
    private static final String STARTING_POSITION = "startingPosition";
    private static final String STARTING_POSITION_TIMESTAMP = "startingPositionTimestamp";
    private static final String FILTERS = "filters";
    private static final String FUNCTION = "function";
    private static final String BATCH_SIZE = "batchSize";
    private static final String MAXIMUM_BATCHING_WINDOW = "maximumBatchingWindow";
    private static final String PARALLELIZATION_FACTOR = "parallelizationFactor";
    private static final String TUMBLING_WINDOW = "tumblingWindow";
    private static final String MAXIMUM_RETRY_ATTEMPTS = "maximumRetryAttempts";
    private static final String MAXIMUM_RECORD_AGE = "maximumRecordAge";
    private static final String BISECT = "bisectBatchOnFunctionError";
    private static final String REPORT = "reportBatchItemFailures";
    private static final String DESTINATION = "destination";
    private static final String TRANSACTIONAL = "transactional";
    private static final String TAGS = "tags";
    private static final String IGNORED = "ignored";

    private MappingDocument() {}

    /** All settings, without the name. */
    public static String of(EventSourceMapping mapping) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            write(json, mapping.source());
            json.writeStringProperty(FUNCTION, mapping.function());
            write(json, mapping.batching());
            write(json, mapping.failureHandling());
            write(json, TAGS, mapping.labels().tags());
            write(json, IGNORED, mapping.labels().ignored());
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, EventSource source) {
        json.writeStringProperty(STREAM, source.stream());
        json.writeStringProperty(STARTING_POSITION, source.startingPosition().type());
        if (source.startingPosition() instanceof StartingPosition.AtTimestamp at) {
            json.writeStringProperty(STARTING_POSITION_TIMESTAMP, at.timestamp().toString());
        }
        json.writeArrayPropertyStart(FILTERS);
        source.filters().patterns().forEach(json::writeString);
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Batching batching) {
        json.writeNumberProperty(BATCH_SIZE, batching.batchSize());
        json.writeStringProperty(
                MAXIMUM_BATCHING_WINDOW, batching.maximumBatchingWindow().toString());
        json.writeNumberProperty(PARALLELIZATION_FACTOR, batching.parallelizationFactor());
        json.writeStringProperty(TUMBLING_WINDOW, batching.tumblingWindow().toString());
    }

    private static void write(JsonGenerator json, FailureHandling failures) {
        json.writeNumberProperty(MAXIMUM_RETRY_ATTEMPTS, failures.maximumRetryAttempts());
        if (failures.maximumRecordAge() != null) {
            json.writeStringProperty(
                    MAXIMUM_RECORD_AGE, failures.maximumRecordAge().toString());
        }
        json.writeBooleanProperty(BISECT, failures.bisectBatchOnFunctionError());
        json.writeBooleanProperty(REPORT, failures.reportBatchItemFailures());
        json.writeBooleanProperty(TRANSACTIONAL, failures.transactional());
        if (failures.destination() != null) {
            json.writeStringProperty(DESTINATION, failures.destination());
        }
    }

    private static void write(JsonGenerator json, String name, Map<String, String> texts) {
        json.writeObjectPropertyStart(name);
        texts.forEach(json::writeStringProperty);
        json.writeEndObject();
    }

    /**
     * The mapping that was written.
     *
     * @throws IllegalArgumentException if the text is no such document, or what it says breaks a rule
     */
    public static EventSourceMapping read(String name, String document) {
        DocumentProperties properties = DocumentProperties.of(document);
        Batching batching = Batching.defaults();
        return new EventSourceMapping(
                name,
                new EventSource(
                        properties.text(STREAM),
                        startingPosition(properties),
                        new FilterCriteria(properties.texts(FILTERS))),
                properties.text(FUNCTION, name),
                new Batching(
                        properties.number(BATCH_SIZE, batching.batchSize()),
                        properties.duration(MAXIMUM_BATCHING_WINDOW, Duration.ZERO),
                        properties.number(PARALLELIZATION_FACTOR, batching.parallelizationFactor()),
                        properties.duration(TUMBLING_WINDOW, Duration.ZERO)),
                failureHandling(properties),
                new MappingLabels(properties.textMap(TAGS), properties.textMap(IGNORED)));
    }

    private static StartingPosition startingPosition(DocumentProperties properties) {
        String type = properties.text(STARTING_POSITION, "TRIM_HORIZON");
        return StartingPosition.of(
                type, type.equals("AT_TIMESTAMP") ? properties.time(STARTING_POSITION_TIMESTAMP) : null);
    }

    private static FailureHandling failureHandling(DocumentProperties properties) {
        @Nullable
        Duration age =
                properties.has(MAXIMUM_RECORD_AGE) ? properties.duration(MAXIMUM_RECORD_AGE, Duration.ZERO) : null;
        return new FailureHandling(
                properties.number(MAXIMUM_RETRY_ATTEMPTS, FailureHandling.UNLIMITED),
                age,
                properties.flag(BISECT),
                properties.flag(REPORT),
                properties.has(DESTINATION) ? properties.text(DESTINATION) : null,
                properties.flag(TRANSACTIONAL));
    }
}
