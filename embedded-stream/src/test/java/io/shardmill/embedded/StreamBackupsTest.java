package io.shardmill.embedded;

import static io.shardmill.embedded.StreamTesting.SHARD_0;
import static io.shardmill.embedded.StreamTesting.STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class StreamBackupsTest {

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();

    private EmbeddedStreams open(String name) {
        return EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder.resolve(name))
                .withClock(clock)
                .withSegmentBytes(64 << 10));
    }

    private EmbeddedStreams restored(String name) throws IOException {
        StreamBackups.prepareRestored(folder.resolve(name), clock.instant());
        return open(name);
    }

    /** Writers, splits and retention of what is an hour old run beside each copy. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void a_copy_holds_what_was_acknowledged_before_it_in_order_whatever_goes_on_meanwhile(long seed)
            throws IOException {
        Random random = new Random(seed);
        try (EmbeddedStreams streams = open("streams")) {
            streams.createStream(STREAM, StreamOptions.ofShards(2).withRetention(Duration.ofMinutes(30)));
            for (int copy = 0; copy < 3; copy++) {
                clock.advance(Duration.ofHours(1));
                AtomicBoolean stopped = new AtomicBoolean();
                List<CompletableFuture<Void>> others = List.of(
                        repeat(stopped, () -> streams.put(STREAM, PutEntry.of("one", "x".repeat(9_000)))),
                        repeat(stopped, () -> streams.put(STREAM, PutEntry.of("other", "x".repeat(9_000)))),
                        repeat(stopped, streams::applyRetention));
                Map<String, SequenceNumber> acknowledged;
                try {
                    acknowledged = putSome(streams, random, copy);
                    StreamBackups.Copy copied = streams.backups().copyTo(folder.resolve("copy-" + copy));
                    assertThat(copied.shards())
                            .extracting(StreamBackups.CopiedShard::stream)
                            .containsOnly(STREAM);
                    split(streams, random);
                } finally {
                    stopped.set(true);
                }
                others.forEach(CompletableFuture::join);
                assertHolds("copy-" + copy, acknowledged, seed);
            }
        }
    }

    private static CompletableFuture<Void> repeat(AtomicBoolean stopped, Runnable step) {
        return CompletableFuture.runAsync(() -> {
            for (int times = 0; times < 2_000 && !stopped.get(); times++) {
                step.run();
            }
        });
    }

    private static Map<String, SequenceNumber> putSome(EmbeddedStreams streams, Random random, int copy) {
        Map<String, SequenceNumber> acknowledged = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            String text = copy + "/" + i;
            PutResult.Stored stored = streams.put(STREAM, PutEntry.of("some-" + random.nextInt(20), text));
            acknowledged.put(text, stored.sequenceNumber());
        }
        return acknowledged;
    }

    private static void split(EmbeddedStreams streams, Random random) {
        List<StreamInfo.ShardInfo> open = streams.describe(STREAM).openShards();
        StreamInfo.ShardInfo shard = open.get(random.nextInt(open.size()));
        BigInteger middle = shard.startingHashKey().add(shard.endingHashKey()).shiftRight(1);
        streams.splitShard(STREAM, shard.id(), middle);
    }

    private void assertHolds(String copy, Map<String, SequenceNumber> acknowledged, long seed) throws IOException {
        Map<String, SequenceNumber> found = new HashMap<>();
        try (EmbeddedStreams streams = restored(copy)) {
            assertThat(streams.recovery().report().isClean())
                    .as("seed %s", seed)
                    .isTrue();
            for (StreamInfo.ShardInfo shard : streams.describe(STREAM).shards()) {
                SequenceNumber before = SequenceNumber.of(0);
                for (Record record : StreamTesting.records(streams, shard.id(), Position.trimHorizon())) {
                    assertThat(record.sequenceNumber().isAfter(before))
                            .as("seed %s", seed)
                            .isTrue();
                    before = record.sequenceNumber();
                    found.put(record.text(), before);
                }
            }
        }
        assertThat(found).as("seed %s", seed).containsAllEntriesOf(acknowledged);
    }

    @Test
    void an_iterator_behind_the_restored_end_reads_what_is_put_later() throws IOException {
        SequenceNumber lost;
        try (EmbeddedStreams streams = open("streams")) {
            streams.createStream(STREAM, 1);
            streams.put(STREAM, PutEntry.of("k", "kept"));
            streams.backups().copyTo(folder.resolve("copy"));
            lost = streams.put(STREAM, PutEntry.of("k", "lost")).sequenceNumber();
        }
        try (EmbeddedStreams streams = open("streams")) {
            lost = streams.put(STREAM, PutEntry.of("k", "lost, too")).sequenceNumber();
        }
        clock.advance(Duration.ofSeconds(2));
        try (EmbeddedStreams streams = restored("copy")) {
            assertThat(streams.read(STREAM, SHARD_0, Position.after(lost), 10, 1000)
                            .records())
                    .isEmpty();
            SequenceNumber next = streams.put(STREAM, PutEntry.of("k", "new")).sequenceNumber();
            assertThat(next.isAfter(lost)).isTrue();
            assertThat(StreamTesting.texts(streams, SHARD_0, Position.after(lost)))
                    .containsExactly("new");
            assertThat(StreamTesting.texts(streams)).containsExactly("kept", "new");
        }
    }

    /** A consumer elsewhere may remember such a shard as read to its end. */
    @Test
    void a_restored_stream_gives_no_shard_an_id_that_was_given_after_the_copy() throws IOException {
        List<String> given = new ArrayList<>();
        try (EmbeddedStreams streams = open("streams")) {
            streams.createStream(STREAM, 1);
            streams.backups().copyTo(folder.resolve("copy"));
            split(streams, new Random(1));
            streams.describe(STREAM).openShards().forEach(shard -> given.add(shard.id()));
        }
        clock.advance(Duration.ofSeconds(2));
        try (EmbeddedStreams streams = restored("copy")) {
            split(streams, new Random(1));
            assertThat(streams.describe(STREAM).openShards())
                    .extracting(StreamInfo.ShardInfo::id)
                    .doesNotContainAnyElementsOf(given);
            streams.put(STREAM, PutEntry.of("k", "in a child"));
        }
        try (EmbeddedStreams streams = open("copy")) {
            assertThat(streams.describe(STREAM).openShards()).hasSize(2);
        }
    }

    @Test
    void restoring_one_copy_again_gives_larger_numbers_than_its_first_restore() throws IOException {
        try (EmbeddedStreams streams = open("streams")) {
            streams.createStream(STREAM, 1);
            streams.backups().copyTo(folder.resolve("copy"));
        }
        SequenceNumber last = SequenceNumber.of(0);
        for (int life = 0; life < 3; life++) {
            StreamTesting.copyTree(folder.resolve("copy"), folder.resolve("life-" + life));
            try (EmbeddedStreams streams = restored("life-" + life)) {
                SequenceNumber next = streams.put(STREAM, PutEntry.of("k", "x")).sequenceNumber();
                assertThat(next.isAfter(last)).isTrue();
                last = next;
            }
            clock.advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void a_stream_without_records_is_restored_even_if_its_empty_folder_got_lost() throws IOException {
        try (EmbeddedStreams streams = open("streams")) {
            streams.createStream(STREAM, 1);
            streams.backups().copyTo(folder.resolve("copy"));
        }
        try (var entries = Files.list(folder.resolve("copy"))) {
            for (Path empty : entries.filter(Files::isDirectory).toList()) {
                Files.delete(empty);
            }
        }
        try (EmbeddedStreams streams = restored("copy")) {
            assertThat(streams.list()).containsExactly(STREAM);
        }
    }

    @Test
    void what_is_deleted_during_a_copy_keeps_its_files_until_the_copy_ends() throws IOException {
        DeferredDeletions deletions = new DeferredDeletions();
        List<String> done = new ArrayList<>();
        deletions.run(() -> done.add("at once"));
        deletions.hold();
        deletions.hold();
        deletions.run(() -> done.add("later"));
        deletions.run(() -> {
            throw new IOException("on purpose");
        });
        deletions.run(() -> done.add("behind a failure"));
        deletions.release();
        assertThat(done).containsExactly("at once");
        deletions.release();
        assertThat(done).containsExactly("at once", "later", "behind a failure");
    }

    @Test
    void a_copy_needs_a_folder_of_its_own() {
        try (EmbeddedStreams streams = open("streams")) {
            assertThatThrownBy(() -> streams.backups().copyTo(folder.resolve("streams")))
                    .isInstanceOf(IOException.class);
        }
    }
}
