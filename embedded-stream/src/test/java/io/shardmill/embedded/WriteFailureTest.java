package io.shardmill.embedded;

import static io.shardmill.embedded.StreamTesting.SHARD_0;
import static io.shardmill.embedded.StreamTesting.STREAM;
import static io.shardmill.embedded.StreamTesting.numberTexts;
import static io.shardmill.embedded.StreamTesting.numbers;
import static io.shardmill.embedded.StreamTesting.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shardmill.embedded.model.Durability;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutRejectedException;
import io.shardmill.function.PutResult;
import io.shardmill.poller.stream.Position;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteFailureTest {

    @TempDir
    Path folder;

    private final FailingDisk disk = new FailingDisk();

    private EmbeddedStreams open() {
        return EmbeddedStreams.open(
                EmbeddedStreamsSettings.in(folder)
                        .withDurability(Durability.MACHINE)
                        .withSegmentBytes(64 << 10),
                disk,
                false);
    }

    @Test
    void a_full_disk_rejects_the_puts_and_the_stream_goes_on_when_there_is_room_again() {
        try (EmbeddedStreams streams = open()) {
            streams.createStream(STREAM, 1);
            streams.putAll(STREAM, numbers(0, 10));
            disk.full = true;
            assertThatThrownBy(() -> streams.put(STREAM, PutEntry.of("k", "lost")))
                    .isInstanceOfSatisfying(
                            PutRejectedException.class,
                            e -> assertThat(e.errorCode()).isEqualTo("InternalFailure"))
                    .hasMessageContaining("No space left on device")
                    .hasMessageContaining(STREAM + "/" + SHARD_0);
            assertThat(streams.putAll(STREAM, numbers(100, 200)))
                    .hasSize(100)
                    .allMatch(result -> result instanceof PutResult.Rejected);
            assertThat(texts(streams)).isEqualTo(numberTexts(0, 10));
            disk.full = false;
            streams.putAll(STREAM, numbers(10, 20));
            assertThat(texts(streams)).isEqualTo(numberTexts(0, 20));
        }
        assertNothingIsLeftOfTheFailure(20);
    }

    @Test
    void a_segment_that_cannot_be_begun_rejects_the_puts_too() {
        try (EmbeddedStreams streams = open()) {
            streams.createStream(STREAM, 1);
            disk.full = true;
            assertThatThrownBy(() -> streams.put(STREAM, PutEntry.of("k", "lost")))
                    .isInstanceOf(PutRejectedException.class);
            disk.full = false;
            streams.putAll(STREAM, numbers(0, 5));
            assertThat(texts(streams)).isEqualTo(numberTexts(0, 5));
        }
        assertNothingIsLeftOfTheFailure(5);
    }

    @Test
    void a_failed_sync_rejects_the_puts_and_no_reader_ever_sees_them() {
        try (EmbeddedStreams streams = open()) {
            streams.createStream(STREAM, 1);
            streams.putAll(STREAM, numbers(0, 10));
            disk.failsToSync = true;
            assertThatThrownBy(() -> streams.put(STREAM, PutEntry.of("k", "lost")))
                    .isInstanceOf(PutRejectedException.class);
            disk.failsToSync = false;
            assertThat(texts(streams)).isEqualTo(numberTexts(0, 10));
        }
        assertNothingIsLeftOfTheFailure(10);
    }

    @Test
    void a_tail_that_could_not_be_cut_at_once_is_cut_before_the_next_record() {
        try (EmbeddedStreams streams = open()) {
            streams.createStream(STREAM, 1);
            streams.putAll(STREAM, numbers(0, 10));
            disk.failsToSync = true;
            disk.failsToTruncate = true;
            List<PutResult> rejected = streams.putAll(STREAM, numbers(500, 700));
            assertThat(rejected).allMatch(result -> result instanceof PutResult.Rejected);
            disk.failsToSync = false;
            assertThatThrownBy(() -> streams.put(STREAM, PutEntry.of("k", "still")))
                    .isInstanceOf(PutRejectedException.class);
            disk.failsToTruncate = false;
            streams.putAll(STREAM, numbers(10, 12));
            assertThat(texts(streams)).isEqualTo(numberTexts(0, 12));
        }
        assertNothingIsLeftOfTheFailure(12);
    }

    @Test
    void putting_goes_on_after_there_was_no_memory_not_even_to_take_things_back() {
        try (EmbeddedStreams streams = open()) {
            streams.createStream(STREAM, 1);
            streams.createStream("others", 4);
            streams.putAll(STREAM, numbers(0, 10));
            disk.findsNoMemory = true;
            assertThatThrownBy(() -> streams.put(STREAM, PutEntry.of("k", "lost")))
                    .hasCauseInstanceOf(OutOfMemoryError.class);
            assertThatThrownBy(() -> streams.putAll("others", numbers(0, 100)))
                    .hasCauseInstanceOf(OutOfMemoryError.class);
            disk.findsNoMemory = false;
            assertThat(streams.putAll("others", numbers(0, 100)))
                    .hasSize(100)
                    .allMatch(result -> result instanceof PutResult.Stored);
            streams.putAll(STREAM, numbers(10, 20));
            assertThat(texts(streams)).isEqualTo(numberTexts(0, 20));
        }
        assertNothingIsLeftOfTheFailure(20);
    }

    private void assertNothingIsLeftOfTheFailure(int records) {
        try (EmbeddedStreams streams = open()) {
            assertThat(streams.recovery().report().isClean()).isTrue();
            assertThat(texts(streams)).isEqualTo(numberTexts(0, records));
        }
    }

    @Test
    void writers_that_wait_at_the_same_time_share_a_sync() throws Exception {
        try (EmbeddedStreams streams = open()) {
            streams.createStream(STREAM, 1);
            int before = disk.syncs.get();
            disk.holdSyncs();
            List<Thread> writers = IntStream.range(0, 32)
                    .mapToObj(writer -> new Thread(() -> streams.put(STREAM, PutEntry.of("k", "x"))))
                    .toList();
            writers.forEach(Thread::start);
            await().until(() -> writers.stream().allMatch(writer -> writer.getState() == Thread.State.WAITING));
            disk.releaseSyncs();
            for (Thread writer : writers) {
                writer.join();
            }

            assertThat(StreamTesting.records(streams, SHARD_0, Position.trimHorizon()))
                    .hasSize(writers.size());
            assertThat(disk.syncs.get() - before).as("syncs").isBetween(1, 3);
        }
    }
}
