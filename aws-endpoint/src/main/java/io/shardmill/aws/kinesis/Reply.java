package io.shardmill.aws.kinesis;

import java.io.OutputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.ByteArrayBuilder;

/** The members of an answer, written as they are told. Members that are null are left out, as AWS does. */
final class Reply {

    private final Wire wire;
    private final ByteArrayBuilder bytes = new ByteArrayBuilder();
    private final JsonGenerator out;

    Reply(Wire wire) {
        this.wire = wire;
        this.out = wire.generator(bytes);
        out.writeStartObject();
    }

    /** Written to the target as it is told; {@link #end} it. */
    Reply(Wire wire, OutputStream target) {
        this.wire = wire;
        this.out = wire.generator(target);
        out.writeStartObject();
    }

    Reply text(String member, @Nullable String value) {
        if (value != null) {
            out.writeStringProperty(member, value);
        }
        return this;
    }

    Reply number(String member, long value) {
        out.writeNumberProperty(member, value);
        return this;
    }

    Reply flag(String member, boolean value) {
        out.writeBooleanProperty(member, value);
        return this;
    }

    Reply time(String member, Instant value) {
        return time(member, value.toEpochMilli());
    }

    Reply time(String member, long epochMillis) {
        out.writeName(member);
        wire.writeTime(out, epochMillis);
        return this;
    }

    Reply bytes(String member, byte[] value) {
        out.writeBinaryProperty(member, value);
        return this;
    }

    Reply texts(String member, Collection<String> values) {
        out.writeArrayPropertyStart(member);
        values.forEach(out::writeString);
        out.writeEndArray();
        return this;
    }

    /** A structure, whose members {@code write} tells. */
    Reply object(String member, Runnable write) {
        out.writeObjectPropertyStart(member);
        write.run();
        out.writeEndObject();
        return this;
    }

    /** A list of structures; {@code write} tells the members of each. */
    <T> Reply each(String member, Collection<T> values, BiConsumer<Reply, T> write) {
        out.writeArrayPropertyStart(member);
        for (T value : values) {
            out.writeStartObject();
            write.accept(this, value);
            out.writeEndObject();
        }
        out.writeEndArray();
        return this;
    }

    /** The body; empty if nothing was told. Nothing may be told afterwards. */
    byte[] finish() {
        boolean empty = out.streamWriteContext().getEntryCount() == 0;
        end();
        return empty ? new byte[0] : bytes.toByteArray();
    }

    /** Closes the target. Nothing may be told afterwards. */
    void end() {
        out.writeEndObject();
        out.close();
    }
}
