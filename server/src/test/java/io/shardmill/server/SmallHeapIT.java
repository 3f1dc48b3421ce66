package io.shardmill.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.function.PutEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.joda.time.DateTime;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The packaged server with very little heap and a backlog of large records, and of small ones in batches of 10,000. No batch
 * may fail: there are no retries. {@code -Dsmall-heap.megabytes=3072} makes the backlog much larger than any heap.
 */
@Timeout(3_600)
class SmallHeapIT {

    private static final int LARGE = 1_000_000;
    private static final int SMALL = 100;
    private static final long MEGABYTES = Long.getLong("small-heap.megabytes", 120);
    private static final int LARGE_RECORDS = Math.toIntExact(MEGABYTES);
    private static final int SMALL_RECORDS = Math.toIntExact(Math.max(40_000, MEGABYTES * 100));
    private static final int PUT = 500;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"64, process", "64, jvm", "128, process", "128, jvm"})
    void every_record_is_seen_once_and_none_is_given_up(int heap, String isolation) throws Exception {
        try (Auditor large = new Auditor();
                Auditor small = new Auditor()) {
            fill(large, small);
            long begun = System.nanoTime();
            try (ServerProcess server = start(heap, isolation)) {
                server.awaitUntil("all large records", Duration.ofMinutes(50), () -> large.seen() == LARGE_RECORDS);
                server.awaitUntil("all small records", Duration.ofMinutes(50), () -> small.seen() == SMALL_RECORDS);
                report(heap, isolation, Duration.ofNanos(System.nanoTime() - begun), small.largestBatch());
                assertThat(server.console()).doesNotContain("given up", "OutOfMemoryError", "out of memory");
                assertThat(health(server)).contains("\"UP\"").doesNotContain("DOWN");
            }
            assertThat(large.again() + small.again()).isZero();
            assertThat(small.largestBatch()).isGreaterThan(5_000);
        }
        assertThat(folder.resolve("data/given-up.jsonl")).isEmptyFile();
    }

    private static void report(int heap, String isolation, Duration took, int largestBatch) {
        double seconds = took.toMillis() / 1000.0;
        System.out.printf(
                Locale.ROOT,
                "SmallHeapIT: -Xmx%dm, isolation %s: %d records of 1 MB and %d of 100 bytes in %.1f s with the start,"
                        + " %.1f MB/s; the largest batch had %d records%n",
                heap,
                isolation,
                LARGE_RECORDS,
                SMALL_RECORDS,
                seconds,
                (LARGE_RECORDS + SMALL_RECORDS / 10_000.0) / seconds,
                largestBatch);
    }

    private void fill(Auditor large, Auditor small) {
        try (EmbeddedStreams streams =
                EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder.resolve("data/streams")))) {
            streams.ensureStream("large", StreamOptions.ofShards(4));
            streams.ensureStream("small", StreamOptions.ofShards(2));
            for (int number = 0; number < LARGE_RECORDS; number++) {
                streams.putAll("large", List.of(entry(large, number, LARGE)));
            }
            for (int from = 0; from < SMALL_RECORDS; from += PUT) {
                List<PutEntry> entries = new ArrayList<>(PUT);
                for (int number = from; number < Math.min(from + PUT, SMALL_RECORDS); number++) {
                    entries.add(entry(small, number, SMALL));
                }
                streams.putAll("small", entries);
            }
        }
    }

    private static PutEntry entry(Auditor auditor, long number, int bytes) {
        byte[] data = new byte[bytes];
        ByteBuffer.wrap(data).putInt(auditor.port()).putLong(number);
        return PutEntry.of("key-" + number, data);
    }

    private ServerProcess start(int heap, String isolation) throws IOException {
        Path code = deploy();
        Path configuration = folder.resolve("application.yml");
        Files.writeString(configuration, """
                shardmill:
                  streams:
                    large.shards: 4
                    small.shards: 2
                  functions:
                    audited:
                      code: %s
                      handler: %s
                      runtime: java17
                      memory: 256
                      timeout: 5m
                      isolation: %s
                  mappings:
                    large:
                      stream: large
                      function: audited
                      maximum-retry-attempts: 0
                      on-failure: file:./data/given-up.jsonl
                    small:
                      stream: small
                      function: audited
                      batch-size: 10000
                      maximum-batching-window: 2s
                      maximum-retry-attempts: 0
                      on-failure: file:./data/given-up.jsonl
                """.formatted(code, AuditedHandler.class.getName(), isolation));
        return new ServerProcess(heap, folder, "--spring.config.location=" + configuration);
    }

    /** A folder as Lambda's zip files are: classes, and libraries in {@code lib}. */
    private Path deploy() throws IOException {
        Path code = folder.resolve("code");
        String file = AuditedHandler.class.getName().replace('.', '/') + ".class";
        Path target = code.resolve(file);
        Files.createDirectories(target.getParent());
        Files.createDirectories(code.resolve("lib"));
        try (InputStream compiled = AuditedHandler.class.getClassLoader().getResourceAsStream(file)) {
            Files.copy(compiled, target);
        }
        for (Class<?> library : List.of(KinesisEvent.class, DateTime.class)) {
            Path jar = jarOf(library);
            Files.copy(jar, code.resolve("lib").resolve(jar.getFileName()));
        }
        return code;
    }

    private static Path jarOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String health(ServerProcess server) {
        URI health = server.uri().resolve("/actuator/health");
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }
}
