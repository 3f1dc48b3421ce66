package io.shardmill.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * How to measure, and a folder to do it in that is deleted in the end.
 *
 * @param run how long one run of one side of a round takes at least
 */
record Bench(Path folder, int rounds, Duration run) implements AutoCloseable {

    /** Measures once a round. */
    <T> List<T> rounds(Callable<T> round) throws Exception {
        List<T> measured = new ArrayList<>();
        for (int count = 0; count < rounds; count++) {
            measured.add(round.call());
        }
        return measured;
    }

    /** As many as the engine has for turns. */
    int threads() {
        return Math.max(2, Runtime.getRuntime().availableProcessors());
    }

    /** A new, empty folder. */
    Path folder(String name) throws IOException {
        return Files.createTempDirectory(folder, name);
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        delete(folder);
    }
}
