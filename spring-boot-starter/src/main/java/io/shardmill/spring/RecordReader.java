package io.shardmill.spring;

import io.shardmill.function.KafkaMetadata;
import io.shardmill.function.Record;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.ByteBufferBackedInputStream;

/** Reads values of one type from records, which are JSON or have a decoder. A type of {@code String} is the record's text as it is. */
final class RecordReader {

    private final ObjectReader reader;
    private final JavaType type;
    private final @Nullable ValueDecoder decoder;

    /** @param decoder reads records that are not JSON; null if there are none */
    RecordReader(JsonMapper json, JavaType type, @Nullable ValueDecoder decoder) {
        this.reader = json.readerFor(type);
        this.type = type;
        this.decoder = decoder;
    }

    /**
     * Reads a value.
     *
     * @return null for a record without a value, which Kafka has
     * @throws UnreadableRecordException if it holds no value of the type
     */
    @Nullable
    Object read(Record record) {
        KafkaMetadata kafka = record.kafka();
        if (kafka != null && kafka.isTombstone()) {
            return null;
        }
        if (decoder != null && decoder.decodes(record)) {
            return decoded(record, decoder);
        }
        if (type.hasRawClass(String.class)) {
            return record.text();
        }
        try {
            ByteBuffer data = record.data();
            Object value = reader.readValue(new ByteBufferBackedInputStream(data));
            if (value == null) {
                throw new UnreadableRecordException(record, type.toCanonical(), "it is null");
            }
            return value;
        } catch (JacksonException invalid) {
            throw new UnreadableRecordException(record, type.toCanonical(), where(invalid));
        }
    }

    private Object decoded(Record record, ValueDecoder by) {
        Object value;
        try {
            value = by.decode(record);
        } catch (RuntimeException invalid) { // its message may quote the record
            throw new UnreadableRecordException(
                    record,
                    type.toCanonical(),
                    "the deserializer threw " + invalid.getClass().getName());
        }
        if (!type.getRawClass().isInstance(value)) {
            String found = value == null ? "null" : value.getClass().getName();
            throw new UnreadableRecordException(record, type.toCanonical(), "the deserializer returned " + found);
        }
        return value;
    }

    /** What is wrong without what the record holds: Jackson's own message quotes it. */
    static String where(JacksonException invalid) {
        StringBuilder where = new StringBuilder(invalid.getClass().getSimpleName());
        TokenStreamLocation location = invalid.getLocation();
        if (location != null) {
            where.append(" at line ")
                    .append(location.getLineNr())
                    .append(", column ")
                    .append(location.getColumnNr());
        }
        return where.append(' ').append(invalid.getPathReference()).toString().trim();
    }
}
