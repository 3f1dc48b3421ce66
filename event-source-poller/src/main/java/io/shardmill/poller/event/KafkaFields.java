package io.shardmill.poller.event;

import io.shardmill.function.KafkaMetadata;
import io.shardmill.function.Record;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka record for patterns. Its payload is {@code value}, which is all that a pattern can name on Lambda. That the other fields
 * of the record's event stand beside it is ours: {@code topic}, {@code partition}, {@code offset}, {@code timestamp} and {@code
 * timestampType} as the event has them, {@code key} as a string in UTF-8 or null, and {@code headers} as an object of strings in
 * UTF-8, with all values of a name that comes more than once.
 */
final class KafkaFields implements RecordFields {

    private static final String HEADERS = "headers";
    private static final Set<String> NAMES = Set.of(
            KafkaFormat.FILTERED_PAYLOAD, "topic", "partition", "offset", "timestamp", "timestampType", "key", HEADERS);

    @Override
    public String payload() {
        return KafkaFormat.FILTERED_PAYLOAD;
    }

    @Override
    public PayloadRule payloadRule() {
        return PayloadRule.JSON_OR_TEXT;
    }

    @Override
    public boolean hasPayload(Record record) {
        return KafkaFormat.hasValue(record);
    }

    @Override
    public Set<String> names() {
        return NAMES;
    }

    @Override
    public List<Scalar> metadata(String path, Record record) {
        KafkaMetadata kafka = KafkaFormat.kafka(record);
        return switch (path) {
            case "topic" -> List.of(Scalar.string(kafka.topic()));
            case "partition" -> List.of(Scalar.number(Integer.toString(kafka.partition())));
            case "offset" -> List.of(Scalar.number(Long.toString(kafka.offset())));
            case "timestamp" -> List.of(Scalar.number(Long.toString(record.approximateArrivalMillis())));
            case "timestampType" -> List.of(Scalar.string(kafka.timestampType().name()));
            case "key" -> List.of(text(kafka.key()));
            default ->
                path.startsWith(HEADERS + ".") ? headers(kafka, path.substring(HEADERS.length() + 1)) : List.of();
        };
    }

    private static List<Scalar> headers(KafkaMetadata kafka, String name) {
        List<Scalar> values = new ArrayList<>(1);
        for (KafkaMetadata.Header header : kafka.headers()) {
            if (header.name().equals(name)) {
                values.add(text(header.value()));
            }
        }
        return values;
    }

    private static Scalar text(byte @Nullable [] bytes) {
        return bytes == null ? Scalar.of(Scalar.Type.NULL) : Scalar.string(new String(bytes, StandardCharsets.UTF_8));
    }
}
