package io.shardmill.examples.flightdelays;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.examples.flightdelays.FlightFolder.Isolated;
import io.shardmill.function.Record;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.internal.batch.LaneHash;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example is killed with SIGKILL at six random moments, in two lives: whenever the process has been given some random number
 * of records, the first time in each life while the stream is still being filled.
 */
class FlightDelaysKillIT {

    private static final int FLIGHTS = 20_000;
    /** Of about 2.6 MB. */
    private static final int MOST_OF_THE_FILL_BYTES = 1_500_000;
    /** It is logged twice: when it is given, and when it is done. */
    private static final long BYTES_OF_A_LOGGED_RECORD = 133;

    private final Random random = seeded();

    @TempDir
    private Path folder;

    private int killedDuringTheFill;

    private static Random seeded() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("-Dseed=" + seed);
        return new Random(seed);
    }

    @Test
    void nothing_is_lost_by_kill_9_at_six_random_moments() {
        for (int kills : List.of(2, 4)) {
            Life life = new Life(folder.resolve("life-" + kills));
            for (int kill = 1; kill <= kills; kill++) {
                if (kill == 1) {
                    life.killDuringTheFill(random.nextInt(MOST_OF_THE_FILL_BYTES));
                } else {
                    life.killAfter(random.nextInt(1 + life.unfinished() * 4 / 5));
                }
            }
            life.runToTheEnd();
        }
        assertThat(killedDuringTheFill).isPositive();
    }

    /** One folder, and what several processes after another did in it. */
    private final class Life {

        private final FlightFolder place;
        private final Deliveries deliveries = new Deliveries();
        private int deaths;
        private int fillDeaths;

        Life(Path path) {
            this.place = new FlightFolder(path);
            assertThat(path.toFile().mkdir()).isTrue();
        }

        private FlightProcess start(String... arguments) {
            return FlightProcess.ofClass(KillableFlights.class, place.path(), arguments);
        }

        int unfinished() {
            return Math.max(0, FLIGHTS - deliveries.done().size());
        }

        /** Kills a process when this much is in the stream's files, or a little more. */
        void killDuringTheFill(int bytes) {
            kill("at %,d bytes in the stream".formatted(bytes), log -> place.streamBytes() >= bytes);
        }

        /** Kills a process that was given this many records, or a few more. */
        void killAfter(int records) {
            kill(
                    "after %,d of this process".formatted(records),
                    log -> Files.exists(log) && log.toFile().length() >= records * BYTES_OF_A_LOGGED_RECORD);
        }

        private void kill(String moment, Predicate<Path> isNow) {
            try (FlightProcess process = start("--spring.main.web-application-type=none")) {
                Path log = DeliveryLog.fileOf(place.path(), process.pid());
                await().atMost(Duration.ofMinutes(2))
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> {
                            assertThat(process.isAlive()).as(process::console).isTrue();
                            return isNow.test(log);
                        });
                process.kill();
                if (Files.exists(log)) {
                    deliveries.add(log);
                }
            }
            lookAtWhatIsLeft(moment);
        }

        /** Looks at a copy, so that the next process finds what the kill left. */
        private void lookAtWhatIsLeft(String moment) {
            deaths++;
            FlightFolder copy = place.copyTo(folder.resolve(place.path().getFileName() + "-death-" + deaths));
            List<Record> stream = copy.stream();
            int saved = checkpointsAreNotAheadOfWhatWasDone(copy, stream);
            assertThat(deliveries.outOfOrder()).isEmpty();
            if (stream.stream().map(Record::text).distinct().count() < FLIGHTS) { // some may be there twice
                killedDuringTheFill++;
                fillDeaths++;
            }
            System.out.printf(
                    "killed %s: %,d in the stream, %,d given, %,d done, %,d checkpointed%n",
                    moment,
                    stream.size(),
                    deliveries.given().size(),
                    deliveries.done().size(),
                    saved);
        }

        private int checkpointsAreNotAheadOfWhatWasDone(FlightFolder copy, List<Record> stream) {
            Set<String> finished = new HashSet<>(deliveries.done());
            copy.isolated().forEach(each -> finished.add(each.sequenceNumber()));
            Map<String, CheckpointRow> rows = copy.checkpoints();
            List<String> saved = stream.stream()
                    .filter(record -> isFinished(rows.get(record.shardId()), record))
                    .map(record -> record.sequenceNumber().toString())
                    .toList();
            assertThat(finished).containsAll(saved);
            return saved.size();
        }

        void runToTheEnd() {
            try (FlightProcess last = start("--exit-when-drained", "--spring.main.web-application-type=none")) {
                assertThat(last.awaitExit()).as(last::console).isZero();
                deliveries.add(DeliveryLog.fileOf(place.path(), last.pid()));
                System.out.println(last.result());
                assertThat(last.result()).startsWith("RESULT records=20000 ").endsWith(" lost=0");
            }
            List<Record> stream = place.stream();
            assertThat(textsOfEachAirport(stream)).isEqualTo(FlightsByHand.streamOfEachAirport());
            assertThat(stream.size() - FLIGHTS)
                    .as("put again: the batch of each kill during the fill")
                    .isBetween(0, fillDeaths * FlightLoader.BATCH);
            assertThat(deliveries.outOfOrder()).isEmpty();
            assertThat(deliveries.given()).containsExactlyInAnyOrderElementsOf(numbers(stream));
            assertThat(place.isolated().stream()
                            .map(Isolated::text)
                            .distinct()
                            .sorted()
                            .toList())
                    .isEqualTo(FlightsByHand.brokenTexts());
            assertThat(place.table()).isEqualTo(FlightsByHand.table());
            assertThat(place.checkpoints().values())
                    .allSatisfy(row -> assertThat(row.progress().ahead()).isEmpty());
        }
    }

    private static boolean isFinished(CheckpointRow row, Record record) {
        if (row == null) {
            return false;
        }
        Progress progress = row.progress();
        return (progress.watermark() != null && !record.sequenceNumber().isAfter(progress.watermark()))
                || progress.ahead().stream()
                        .anyMatch(fact -> LaneHash.laneOf(record.partitionKey(), fact.factor()) == fact.lane()
                                && !record.sequenceNumber().isAfter(fact.through()));
    }

    private static List<String> numbers(List<Record> records) {
        return records.stream()
                .map(record -> record.sequenceNumber().toString())
                .toList();
    }

    /** In the order in which each text was put first. */
    private static Map<String, List<String>> textsOfEachAirport(List<Record> records) {
        Map<String, Set<String>> texts = records.stream()
                .collect(groupingBy(
                        Record::partitionKey, TreeMap::new, mapping(Record::text, toCollection(LinkedHashSet::new))));
        Map<String, List<String>> lists = new TreeMap<>();
        texts.forEach((airport, each) -> lists.put(airport, List.copyOf(each)));
        return lists;
    }
}
