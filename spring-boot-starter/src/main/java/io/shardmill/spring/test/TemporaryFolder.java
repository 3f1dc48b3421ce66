package io.shardmill.spring.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** A folder that goes with the context. */
record TemporaryFolder(Path path) implements AutoCloseable {

    static TemporaryFolder make() {
        try {
            return new TemporaryFolder(Files.createTempDirectory("shardmill"));
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    @Override
    public void close() throws IOException {
        FileSystemUtils.deleteRecursively(path);
    }
}
