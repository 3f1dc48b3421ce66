package io.shardmill.spring;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes states of tumbling windows, with the application's mapper. No message says what is in a state. */
final class WindowStates {

    private static final String NONE = "{}";

    private final JavaType type;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    WindowStates(JsonMapper json, JavaType type) {
        this.type = type;
        this.reader = json.readerFor(type);
        this.writer = json.writerFor(type).without(SerializationFeature.INDENT_OUTPUT);
    }

    /** Whether values of the type can't be a JSON object, as far as the type tells. */
    static boolean isNoObject(JavaType type) {
        return type.isPrimitive()
                || type.isArrayType()
                || type.isCollectionLikeType()
                || type.isEnumType()
                || type.isTypeOrSubTypeOf(CharSequence.class)
                || type.isTypeOrSubTypeOf(Number.class)
                || type.isTypeOrSubTypeOf(Boolean.class);
    }

    /** Returns null for an empty state. */
    @Nullable
    Object read(String state) {
        if (state.equals(NONE)) {
            return null;
        }
        try {
            return reader.readValue(state);
        } catch (JacksonException invalid) {
            throw new IllegalStateException("The window's state can't be read as " + type.toCanonical() + ": "
                    + RecordReader.where(invalid)
                    + ". If the type has changed, let it read what the earlier one has written, or replay");
        }
    }

    String write(Object state) {
        String written;
        try {
            written = writer.writeValueAsString(state);
        } catch (JacksonException invalid) {
            throw new IllegalStateException("The window's state can't be written: " + RecordReader.where(invalid));
        }
        if (!written.startsWith("{")) {
            throw new IllegalStateException(
                    "The window's state must be a JSON object, which " + type.toCanonical() + " is not written as");
        }
        return written;
    }
}
