package io.shardmill.spring;

import io.shardmill.function.Record;
import java.nio.ByteBuffer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.ByteBufferBackedInputStream;

/** Reads values of one type from records' JSON. A type of {@code String} is the record's text as it is. */
final class RecordReader {

    private final ObjectReader reader;
    private final JavaType type;

    RecordReader(JsonMapper json, JavaType type) {
        this.reader = json.readerFor(type);
        this.type = type;
    }

    /** @throws UnreadableRecordException if it holds no value of the type */
    Object read(Record record) {
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
