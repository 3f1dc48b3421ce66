package io.shardmill.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.StreamSource;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Aggregated records as they come from Kinesis's interface. */
class DeaggregationTest {

    private static final String STREAM = "orders";

    private final ServedStreams served = new ServedStreams();
    private final List<KinesisStreams> connected = new ArrayList<>();

    @AfterEach
    void close() {
        connected.forEach(KinesisStreams::close);
        served.close();
    }

    private StreamSource source(Deaggregation deaggregation) {
        Polling eager = new Polling(Duration.ofMillis(10), Duration.ofMillis(100), 1_000, Long.MAX_VALUE);
        return source(KinesisStream.of(STREAM).with(eager).with(deaggregation));
    }

    private StreamSource source(KinesisStream stream) {
        KinesisStreams kinesis = served.connect(Map.of(STREAM, stream.at(served.location())));
        connected.add(kinesis);
        StreamSource source = kinesis.find(STREAM).orElseThrow();
        source.describe();
        return source;
    }

    /** Reads to the tip, or to the shard's end. */
    private static List<String> texts(StreamSource source, String shard) throws InterruptedException {
        return texts(source, shard, Position.trimHorizon());
    }

    private static List<String> texts(StreamSource source, String shard, Position from) throws InterruptedException {
        Semaphore wakes = new Semaphore(0);
        List<String> texts = new ArrayList<>();
        try (ShardReader reader = source.open(shard, from, wakes::release)) {
            ReadResult result = reader.read(100, 1 << 20);
            while (!(result instanceof ReadResult.ShardEnded)) {
                if (result instanceof ReadResult.Records found) {
                    found.records().stream().map(Record::text).forEach(texts::add);
                } else if (result instanceof ReadResult.Nothing nothing && nothing.caughtUp()) {
                    break;
                } else {
                    assertThat(wakes.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
                }
                result = reader.read(100, 1 << 20);
            }
        }
        return texts;
    }

    private List<ShardInfo> shards() {
        return served.streams.describe(STREAM).shards();
    }

    private SequenceNumber put(ShardInfo shard, byte[] data) {
        PutEntry entry = PutEntry.of("outer", data).withExplicitHashKey(shard.startingHashKey());
        return served.streams.put(STREAM, entry).sequenceNumber();
    }

    @ParameterizedTest
    @EnumSource(Deaggregation.class)
    void a_polled_stream_is_unpacked_only_if_it_is_told_to(Deaggregation deaggregation) throws Exception {
        served.streams.createStream(STREAM, 1);
        put(shards().get(0), Aggregates.of("one", "two"));

        List<String> texts = texts(source(deaggregation), shards().get(0).id());
        if (deaggregation == Deaggregation.ALWAYS) {
            assertThat(texts).containsExactly("one", "two");
        } else {
            assertThat(texts).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Deaggregation.class)
    void a_consumer_has_a_stream_unpacked_unless_it_is_told_not_to(Deaggregation deaggregation) throws Exception {
        served.streams.createStream(STREAM, 1);
        put(shards().get(0), Aggregates.of("one", "two"));

        KinesisStream stream = KinesisStream.of(STREAM).withConsumer("billing").with(deaggregation);
        List<String> texts = texts(source(stream), shards().get(0).id());
        if (deaggregation == Deaggregation.NEVER) {
            assertThat(texts).hasSize(1);
        } else {
            assertThat(texts).containsExactly("one", "two");
        }
    }

    @Test
    void a_consumer_goes_on_within_an_aggregated_record() throws Exception {
        served.streams.createStream(STREAM, 1);
        SequenceNumber number = put(shards().get(0), Aggregates.of("one", "two", "three"));
        StreamSource source = source(KinesisStream.of(STREAM).withConsumer("billing"));

        assertThat(texts(source, shards().get(0).id(), Position.after(number.withSubSequence(1))))
                .containsExactly("two", "three");
    }

    @Test
    void each_shard_gives_what_is_of_its_own_hash_keys() throws Exception {
        served.streams.createStream(STREAM, 2);
        ShardInfo lower = shards().get(0);
        ShardInfo upper = shards().get(1);
        byte[] packed = new Aggregates()
                .add("key", lower.endingHashKey().toString(), "lower")
                .add("key", upper.startingHashKey().toString(), "upper")
                .bytes();
        put(lower, packed);
        put(upper, packed);
        StreamSource source = source(Deaggregation.ALWAYS);

        assertThat(texts(source, lower.id())).containsExactly("lower");
        assertThat(texts(source, upper.id())).containsExactly("upper");

        BigInteger middle = lower.endingHashKey().shiftRight(1);
        served.streams.splitShard(STREAM, lower.id(), middle);
        ShardInfo low = shards().get(2);
        put(
                low,
                new Aggregates()
                        .add("key", "0", "low")
                        .add("key", middle.toString(), "high")
                        .bytes());
        assertThat(texts(source, lower.id())).containsExactly("lower");
        assertThat(texts(source, low.id()))
                .as("a child that its parent's end told of")
                .containsExactly("low");
    }
}
