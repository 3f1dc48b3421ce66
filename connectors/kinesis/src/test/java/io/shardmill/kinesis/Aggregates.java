package io.shardmill.kinesis;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Packs user records as the Kinesis Producer Library does. */
final class Aggregates {

    /** What is written of the message. */
    @FunctionalInterface
    interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private final List<String> partitionKeys = new ArrayList<>();
    private final List<String> explicitHashKeys = new ArrayList<>();
    private final List<byte[]> records = new ArrayList<>();

    /** Packs each text under a key of its own, which is the text. */
    static byte[] of(String... texts) {
        Aggregates packed = new Aggregates();
        for (String text : texts) {
            packed.add(text, null, text);
        }
        return packed.bytes();
    }

    Aggregates add(String partitionKey, @Nullable String explicitHashKey, String data) {
        records.add(message(out -> {
            out.writeUInt64(1, place(partitionKey, partitionKeys));
            if (explicitHashKey != null) {
                out.writeUInt64(2, place(explicitHashKey, explicitHashKeys));
            }
            out.writeByteArray(3, data.getBytes(UTF_8));
        }));
        return this;
    }

    private static int place(String key, List<String> table) {
        if (!table.contains(key)) {
            table.add(key);
        }
        return table.indexOf(key);
    }

    byte[] bytes() {
        return sealed(message(out -> {
            for (String key : partitionKeys) {
                out.writeString(1, key);
            }
            for (String key : explicitHashKeys) {
                out.writeString(2, key);
            }
            for (byte[] record : records) {
                out.writeByteArray(3, record);
            }
        }));
    }

    static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Puts the magic bytes before a message, and its digest behind it. */
    static byte[] sealed(byte[] message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {(byte) 0xF3, (byte) 0x89, (byte) 0x9A, (byte) 0xC2});
        bytes.writeBytes(message);
        bytes.writeBytes(Md5.of(message, 0, message.length));
        return bytes.toByteArray();
    }
}
