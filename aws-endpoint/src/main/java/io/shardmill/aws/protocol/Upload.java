package io.shardmill.aws.protocol;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JsonToken;

/** Data of a request that are decoded into a temporary file, and not into memory. Deleted with the request's members. */
public record Upload(Path file) implements AutoCloseable {

    private static final Type<Upload> TYPE = new Type<>("a Blob") {
        @Override
        Upload read(RequestInput input, String member) throws IOException {
            require(input.token() == JsonToken.VALUE_STRING, member);
            Upload upload = new Upload(Files.createTempFile("shardmill-upload", ".zip"));
            boolean complete = false;
            try (OutputStream out = Files.newOutputStream(upload.file)) {
                input.parser().readBinaryValue(out);
                complete = true;
            } finally {
                if (!complete) {
                    upload.close();
                }
            }
            return upload;
        }
    };

    /** Defines a member whose data go into a file. */
    public static Member<Upload> member(String name) {
        return Member.of(name, TYPE);
    }

    /** Can be repeated. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException undeletable) {
            throw new UncheckedIOException(undeletable);
        }
    }
}
