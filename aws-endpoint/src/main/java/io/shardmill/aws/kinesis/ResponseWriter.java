package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.Wire;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.ByteArrayBuilder;

/** Writes the members of a response. Members that are null are left out, as AWS does. */
final class ResponseWriter {

    private final Wire wire;
    private final ByteArrayBuilder bytes = new ByteArrayBuilder();
    private final JsonGenerator out;

    ResponseWriter(Wire wire) {
        this.wire = wire;
        this.out = wire.generator(bytes);
        out.writeStartObject();
    }

    /** Writes to the target; {@link #end} it. */
    ResponseWriter(Wire wire, OutputStream target) {
        this.wire = wire;
        this.out = wire.generator(target);
        out.writeStartObject();
    }

    ResponseWriter text(String member, @Nullable String value) {
        if (value != null) {
            out.writeStringProperty(member, value);
        }
        return this;
    }

    ResponseWriter number(String member, long value) {
        out.writeNumberProperty(member, value);
        return this;
    }

    ResponseWriter flag(String member, boolean value) {
        out.writeBooleanProperty(member, value);
        return this;
    }

    ResponseWriter time(String member, Instant value) {
        return time(member, value.toEpochMilli());
    }

    ResponseWriter time(String member, long epochMillis) {
        out.writeName(member);
        wire.writeTime(out, epochMillis);
        return this;
    }

    ResponseWriter bytes(String member, byte[] value) {
        out.writeBinaryProperty(member, value);
        return this;
    }

    ResponseWriter texts(String member, Collection<String> values) {
        out.writeArrayPropertyStart(member);
        values.forEach(out::writeString);
        out.writeEndArray();
        return this;
    }

    /** Writes a structure, whose members {@code write} writes. */
    ResponseWriter object(String member, Runnable write) {
        out.writeObjectPropertyStart(member);
        write.run();
        out.writeEndObject();
        return this;
    }

    /** Writes a list of structures; {@code write} writes the members of each. */
    <T> ResponseWriter each(String member, Collection<T> values, BiConsumer<ResponseWriter, T> write) {
        out.writeArrayPropertyStart(member);
        for (T value : values) {
            out.writeStartObject();
            write.accept(this, value);
            out.writeEndObject();
        }
        out.writeEndArray();
        return this;
    }

    /** Returns the body, which is empty if nothing was written. Nothing may be written afterwards. */
    byte[] finish() {
        boolean empty = out.streamWriteContext().getEntryCount() == 0;
        end();
        return empty ? new byte[0] : bytes.toByteArray();
    }

    /** Closes the target. Nothing may be written afterwards. */
    void end() {
        out.writeEndObject();
        out.close();
    }
}
