package io.shardmill.embedded;

import static io.shardmill.embedded.StreamTesting.SHARD_0;
import static io.shardmill.embedded.StreamTesting.STREAM;
import static io.shardmill.embedded.StreamTesting.numberTexts;
import static io.shardmill.embedded.StreamTesting.numbers;
import static io.shardmill.embedded.StreamTesting.reader;
import static io.shardmill.embedded.StreamTesting.records;
import static io.shardmill.embedded.StreamTesting.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.embedded.model.Durability;
import io.shardmill.embedded.model.PutInterruptedException;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.function.PutEntry;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InterruptTest {

    private static final int INTERRUPTS = 1_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void a_thousand_interrupts_inside_put_hurt_neither_the_log_nor_other_writers(Durability durability)
            throws Exception {
        try (EmbeddedStreams streams =
                EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder).withDurability(durability))) {
            streams.createStream(STREAM, 2);
            Set<String> acknowledged = ConcurrentHashMap.newKeySet();
            AtomicInteger interrupted = new AtomicInteger();
            AtomicBoolean hasOther = new AtomicBoolean();
            AtomicBoolean enough = new AtomicBoolean();
            Thread victim = new Thread(() -> {
                for (int i = 0; !enough.get(); i++) {
                    try {
                        streams.put(STREAM, PutEntry.of("victim-" + i, "victim-" + i));
                        acknowledged.add("victim-" + i);
                    } catch (PutInterruptedException e) {
                        assertThat(Thread.interrupted()).isTrue();
                        interrupted.incrementAndGet();
                    }
                }
            });
            Thread bystander = new Thread(() -> {
                for (int i = 0; !enough.get(); i++) {
                    streams.put(STREAM, PutEntry.of("other-" + i, "other-" + i));
                    acknowledged.add("other-" + i);
                    hasOther.set(true);
                }
            });
            victim.start();
            bystander.start();
            // An assertion there, or an exception, ends a writer.
            while ((interrupted.get() < INTERRUPTS || !hasOther.get()) && victim.isAlive() && bystander.isAlive()) {
                victim.interrupt();
                Thread.onSpinWait();
            }
            enough.set(true);
            victim.join();
            bystander.join();
            assertThat(interrupted.get())
                    .as("interrupts that reached put, each with its flag set")
                    .isGreaterThanOrEqualTo(INTERRUPTS);
            Set<String> stored = new HashSet<>();
            for (StreamInfo.ShardInfo shard : streams.describe(STREAM).shards()) {
                stored.addAll(texts(streams, shard.id(), Position.trimHorizon()));
            }
            assertThat(stored).containsAll(acknowledged);
            assertThat(acknowledged).anyMatch(text -> text.startsWith("other-"));
        }
    }

    @Test
    void a_thread_that_is_interrupted_already_puts_nothing_and_keeps_its_flag() {
        try (EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder))) {
            streams.createStream(STREAM, 1);
            Thread.currentThread().interrupt();
            try {
                assertThatThrownBy(() -> streams.putAll(STREAM, numbers(0, 10)))
                        .isInstanceOf(PutInterruptedException.class)
                        .hasMessageContaining("may or may not");
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
            } finally {
                Thread.interrupted();
            }
            streams.put(STREAM, PutEntry.of("k", "after"));
            assertThat(texts(streams)).containsExactly("after");
        }
    }

    @Test
    void an_interrupted_thread_reads_changes_and_opens_all_the_same() {
        List<String> expected = numberTexts(0, 3_000);
        Thread.currentThread().interrupt();
        try {
            EmbeddedStreamsSettings settings =
                    EmbeddedStreamsSettings.in(folder).withSegmentBytes(64 << 10);
            try (EmbeddedStreams streams = EmbeddedStreams.open(settings)) {
                streams.createStream(STREAM, 1);
                Thread.interrupted();
                for (int from = 0; from < 3_000; from += 100) {
                    streams.putAll(STREAM, numbers(from, from + 100));
                }
                Thread.currentThread().interrupt();
                assertThat(texts(streams)).isEqualTo(expected);
            }
            for (int round = 0; round < 50; round++) {
                try (EmbeddedStreams streams = EmbeddedStreams.open(settings);
                        ShardReader reader = reader(streams, SHARD_0, Position.trimHorizon())) {
                    assertThat(texts(records(reader))).isEqualTo(expected);
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                }
            }
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void a_thousand_interrupts_inside_read_hurt_neither_that_reader_nor_others() throws Exception {
        EmbeddedStreamsSettings settings = EmbeddedStreamsSettings.in(folder).withSegmentBytes(64 << 10);
        try (EmbeddedStreams streams = EmbeddedStreams.open(settings)) {
            streams.createStream(STREAM, 1);
            for (int from = 0; from < 10_000; from += 100) {
                streams.putAll(STREAM, numbers(from, from + 100));
            }
        }
        List<String> expected = numberTexts(0, 10_000);
        for (int round = 0; round < 10; round++) {
            try (EmbeddedStreams streams = EmbeddedStreams.open(settings)) {
                AtomicBoolean done = new AtomicBoolean();
                Set<ReadResult> unexpected = ConcurrentHashMap.newKeySet();
                Thread victim = new Thread(() -> {
                    while (!done.get()) {
                        try (ShardReader reader = reader(streams, SHARD_0, Position.trimHorizon())) {
                            ReadResult result = reader.read(100, 1 << 20);
                            while (result instanceof ReadResult.Records) {
                                result = reader.read(100, 1 << 20);
                            }
                            if (!result.equals(new ReadResult.Nothing(true))) {
                                unexpected.add(result);
                            }
                        }
                    }
                });
                victim.start();
                for (int i = 0; i < INTERRUPTS / 10; i++) {
                    victim.interrupt();
                    if (i % 20 == 0) {
                        assertThat(texts(streams)).isEqualTo(expected);
                    }
                }
                done.set(true);
                victim.join();
                assertThat(unexpected).isEmpty();
            }
        }
    }
}
