package io.shardmill.spring.backup;

import io.shardmill.poller.checkpoint.jdbc.CheckpointBackup;
import io.shardmill.poller.checkpoint.jdbc.TableRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Rows of checkpoints and mappings in a file, a line of JSON each. Never all in memory. */
record CheckpointFile(Path file) {

    static final String NAME = "checkpoints.jsonl";

    private static final JsonMapper JSON = JsonMapper.shared();

    static CheckpointFile in(Path folder) {
        return new CheckpointFile(folder.resolve(NAME));
    }

    /** @param namespace null for rows of all namespaces */
    void write(CheckpointBackup database, @Nullable String namespace) throws IOException {
        try (Writer lines = Files.newBufferedWriter(file)) {
            database.read(namespace, row -> append(lines, row));
        } catch (UncheckedIOException unwritten) {
            throw unwritten.getCause();
        }
    }

    private static void append(Writer lines, TableRow row) {
        try {
            lines.append(JSON.writeValueAsString(row)).append('\n');
        } catch (IOException unwritten) {
            throw new UncheckedIOException(unwritten);
        }
    }

    void forEach(Consumer<TableRow> action) throws IOException {
        read(rows -> {
            rows.forEach(action);
            return Boolean.TRUE;
        });
    }

    /** @throws BackupException if a line can't be read */
    <T> T read(Function<Stream<TableRow>, T> reader) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            return reader.apply(lines.lines().map(line -> JSON.readValue(line, TableRow.class)));
        } catch (JacksonException unreadable) {
            throw new BackupException(file + ": can't be read, " + unreadable.getOriginalMessage(), unreadable);
        }
    }
}
