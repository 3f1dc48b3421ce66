package io.shardmill.embedded.internal.log;

import static io.shardmill.embedded.StreamTesting.SHARD_0;
import static io.shardmill.embedded.StreamTesting.STREAM;
import static io.shardmill.embedded.StreamTesting.numbers;
import static io.shardmill.embedded.StreamTesting.reader;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.SettableClock;
import io.shardmill.embedded.StreamTesting;
import io.shardmill.embedded.internal.metadata.HashRange;
import io.shardmill.embedded.internal.metadata.ShardMeta;
import io.shardmill.function.PutEntry;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WakeUpTest {

    private EmbeddedStreams streams;

    @BeforeEach
    void open() {
        streams = EmbeddedStreams.temporary(new SettableClock());
        streams.createStream(STREAM, 1);
    }

    @AfterEach
    void close() {
        streams.close();
    }

    /**
     * In each round one record becomes visible while many readers, one after the other, find nothing and fall
     * asleep. Each of them must be woken for that record: no later one would heal a lost wake-up.
     */
    @Test
    void no_wake_up_is_lost_however_reads_and_puts_race() throws Exception {
        int rounds = 1_000;
        Random random = new Random(7);
        List<Sleeper> sleepers = Stream.generate(Sleeper::new).limit(100).toList();
        AtomicInteger round = new AtomicInteger();
        CompletableFuture<Void> putting = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < rounds; i++) {
                while (round.get() <= i) {
                    Thread.onSpinWait();
                }
                streams.put(STREAM, PutEntry.of("k", "x"));
            }
        });
        for (int i = 0; i < rounds; i++) {
            round.incrementAndGet();
            long start = System.nanoTime() + random.nextInt(100_000);
            while (System.nanoTime() - start < 0) {
                Thread.onSpinWait();
            }
            sleepers.forEach(Sleeper::fallAsleepUnlessThereIsARecord);
            for (Sleeper sleeper : sleepers) {
                sleeper.readTheRecordWhenWoken();
            }
        }
        putting.get(60, TimeUnit.SECONDS);
    }

    /**
     * The same, stripped to the two threads' few instructions: a reader falls asleep just when the log changes. Either
     * the reader sees the change or it is woken.
     */
    @Test
    void a_reader_that_falls_asleep_just_when_the_log_changes_is_woken() throws Exception {
        int rounds = 100_000;
        ShardMeta meta = new ShardMeta(0, 1, HashRange.evenly(1).get(0), List.of(), null);
        AtomicReference<ShardLog> next = new AtomicReference<>();
        AtomicInteger changed = new AtomicInteger();
        CompletableFuture<Void> changing = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < rounds; i++) {
                ShardLog log = next.getAndSet(null);
                while (log == null) {
                    Thread.onSpinWait();
                    log = next.getAndSet(null);
                }
                log.gone();
                changed.incrementAndGet();
            }
        });
        Random random = new Random(7);
        int slept = 0;
        for (int i = 0; i < rounds; i++) {
            AtomicInteger wakes = new AtomicInteger();
            ShardLog log = new ShardLog(STREAM, UUID.randomUUID(), meta);
            ShardReader reader = log.open(Position.trimHorizon(), wakes::incrementAndGet, new RecoveryLog());
            next.set(log);
            for (int wait = random.nextInt(40); wait > 0; wait--) {
                wakes.get();
            }
            boolean asleep = reader.read(1, 1) instanceof ReadResult.Nothing;
            while (changed.get() <= i) {
                Thread.onSpinWait();
            }
            if (asleep) {
                slept++;
                assertThat(wakes).as("wake-ups of round %s", i).hasValue(1);
            }
        }
        changing.get(60, TimeUnit.SECONDS);
        assertThat(slept).isPositive();
    }

    private final class Sleeper {

        private final Semaphore wakes = new Semaphore(0);
        private final ShardReader reader = reader(streams, SHARD_0, Position.trimHorizon(), wakes::release);
        private boolean asleep;

        void fallAsleepUnlessThereIsARecord() {
            wakes.drainPermits();
            asleep = reader.read(10, 1000) instanceof ReadResult.Nothing;
        }

        /** The wake-up for the record before, which was read without it, may still be on its way. */
        void readTheRecordWhenWoken() throws InterruptedException {
            while (asleep) {
                assertThat(wakes.tryAcquire(30, TimeUnit.SECONDS))
                        .as("woken for the record")
                        .isTrue();
                asleep = reader.read(10, 1000) instanceof ReadResult.Nothing;
            }
        }
    }

    @Test
    void a_reader_is_woken_only_after_nothing_and_never_after_close() {
        AtomicInteger wakes = new AtomicInteger();
        ShardReader reader = reader(streams, SHARD_0, Position.trimHorizon(), wakes::incrementAndGet);
        streams.putAll(STREAM, numbers(0, 3));
        assertThat(wakes).hasValue(0);
        reader.read(10, 1000);
        streams.putAll(STREAM, numbers(3, 6));
        assertThat(wakes).hasValue(0);
        reader.read(10, 1000);
        assertThat(reader.read(10, 1000)).isEqualTo(new ReadResult.Nothing(true));
        streams.putAll(STREAM, numbers(6, 9));
        streams.putAll(STREAM, numbers(9, 12));
        assertThat(wakes).hasValue(1);
        reader.read(10, 1000);
        assertThat(reader.read(10, 1000)).isEqualTo(new ReadResult.Nothing(true));
        reader.close();
        streams.putAll(STREAM, numbers(12, 15));
        assertThat(wakes).hasValue(1);
    }

    @Test
    void a_wake_up_that_throws_or_puts_hurts_nobody() {
        ShardReader throwing = reader(streams, SHARD_0, Position.trimHorizon(), () -> {
            throw new AssertionError("planted");
        });
        ShardReader putting =
                reader(streams, SHARD_0, Position.trimHorizon(), () -> streams.put(STREAM, PutEntry.of("k", "mine")));
        throwing.read(1, 1);
        putting.read(1, 1);
        streams.putAll(STREAM, numbers(0, 3));
        streams.putAll(STREAM, numbers(3, 6));
        assertThat(StreamTesting.texts(streams)).isEqualTo(StreamTesting.numberTexts(0, 6));
    }
}
