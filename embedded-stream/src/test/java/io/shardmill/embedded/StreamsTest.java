package io.shardmill.embedded;

import static io.shardmill.embedded.StreamTesting.SHARD_0;
import static io.shardmill.embedded.StreamTesting.STREAM;
import static io.shardmill.embedded.StreamTesting.numbers;
import static io.shardmill.embedded.StreamTesting.reader;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamRequestException;
import io.shardmill.function.PutEntry;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.ShardStart;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamSource;
import java.math.BigInteger;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Making and deleting streams, and a stream as a mapping sees it. */
class StreamsTest extends OpenStreams {

    private static final String SHARD_1 = "shardId-000000000001";

    @Test
    void ensuring_leaves_a_stream_as_it_is_and_creating_it_again_is_an_error() {
        StreamInfo first = streams.ensureStream(STREAM, 2);
        assertThat(streams.ensureStream(STREAM, 5)).isEqualTo(first);
        assertThat(streams.list()).containsExactly(STREAM);
        assertThatThrownBy(() -> streams.createStream(STREAM, 2))
                .isInstanceOfSatisfying(
                        StreamRequestException.class,
                        e -> assertThat(e.errorCode()).isEqualTo("ResourceInUseException"));
        assertThatThrownBy(() -> streams.createStream("a/b", 1)).hasMessageContaining("'a/b'");
        assertThatThrownBy(() -> streams.createStream("zero", 0)).hasMessageContaining("shards is 0");
    }

    @Test
    void a_stream_is_read_in_a_consumers_name_as_long_as_that_is_registered() throws Exception {
        String streamArn = streams.ensureStream(STREAM, 1).arn();
        String arn = streams.consumers().register(STREAM, "billing", Map.of()).arn();
        StreamSource source = streams.find(arn).orElseThrow();
        StreamSource stream = streams.find(streamArn).orElseThrow();
        assertThat(source.arn()).isEqualTo(arn);
        assertThat(source.describe()).isEqualTo(stream.describe());
        assertThat(source.starts(new StartingPosition.Latest()))
                .isEqualTo(stream.starts(new StartingPosition.Latest()));
        AtomicInteger wakeUps = new AtomicInteger();
        AtomicInteger changes = new AtomicInteger();
        AutoCloseable listening = source.onChange(changes::incrementAndGet);
        try (ShardReader reader = source.open(SHARD_0, Position.trimHorizon(), wakeUps::incrementAndGet)) {
            streams.put(STREAM, PutEntry.of("k", "1"));
            assertThat(reader.read(10, 1000)).isInstanceOf(ReadResult.Records.class);
            assertThat(reader.read(10, 1000)).isEqualTo(new ReadResult.Nothing(true));
            streams.consumers().deregister(arn);

            assertThat(wakeUps).hasValue(1);
            assertThat(changes).hasValue(1);
            streams.put(STREAM, PutEntry.of("k", "2"));
            assertThat(reader.read(10, 1000)).isEqualTo(new ReadResult.StreamGone());
        }
        listening.close();
        assertThatThrownBy(source::describe)
                .isInstanceOf(StreamNotFoundException.class)
                .hasMessageContaining(arn);
        assertThat(stream.describe()).isNotNull();
        assertThat(streams.find(arn.replace(streamArn, "arn:aws:kinesis:eu-west-1:1:stream/orders")))
                .isEmpty();
        assertThat(streams.find(STREAM + "/consumer/billing:1")).isEmpty();
    }

    @Test
    void a_stream_may_have_any_of_kinesiss_names() {
        for (String name : new String[] {".", "..", "Orders", "orders", "x".repeat(128)}) {
            streams.createStream(name, 1);
            streams.put(name, PutEntry.of("k", name));
        }
        streams.close();
        open();
        assertThat(streams.list()).hasSize(5);
        for (String name : streams.list()) {
            assertThat(streams.read(name, SHARD_0, Position.trimHorizon(), 10, 1000)
                            .records())
                    .singleElement()
                    .satisfies(record -> assertThat(record.text()).isEqualTo(name));
        }
    }

    @Test
    void a_deleted_stream_is_gone_for_its_readers_and_one_created_again_is_another_stream() throws Exception {
        StreamInfo first = streams.createStream(STREAM, 1);
        SequenceNumber old = streams.put(STREAM, PutEntry.of("k", "1")).sequenceNumber();
        AtomicInteger changes = new AtomicInteger();
        AtomicInteger wakes = new AtomicInteger();
        StreamSource source = streams.find(STREAM).orElseThrow();
        ShardReader reader = source.open(SHARD_0, Position.after(old), wakes::incrementAndGet);
        assertThat(reader.read(1, 1)).isEqualTo(new ReadResult.Nothing(true));
        try (AutoCloseable subscription = source.onChange(changes::incrementAndGet)) {
            streams.deleteStream(STREAM);
            assertThat(wakes).hasValue(1);
            assertThat(reader.read(1, 1)).isEqualTo(new ReadResult.StreamGone());
            assertThatThrownBy(source::describe)
                    .isInstanceOf(StreamNotFoundException.class)
                    .hasMessageContaining("'orders'");
            assertThat(source.open(SHARD_0, Position.trimHorizon(), () -> {}).read(1, 1))
                    .isEqualTo(new ReadResult.StreamGone());

            StreamInfo second = streams.createStream(STREAM, 1);
            assertThat(changes).hasValue(2);
            assertThat(second.incarnation()).isNotEqualTo(first.incarnation());
            assertThat(source.describe().incarnation()).isEqualTo(second.incarnation());
            assertThat(streams.put(STREAM, PutEntry.of("k", "2")).sequenceNumber())
                    .isGreaterThan(old);
            assertThat(subscription).isNotNull();
        }
        try (var entries = Files.list(folder)) {
            assertThat(entries.filter(Files::isDirectory)).hasSize(1);
        }
    }

    @Test
    void a_stream_is_found_by_name_and_by_its_arn_whether_it_exists_or_not() {
        assertThat(streams.find("missing")).isPresent();
        assertThat(streams.find("arn:aws:kinesis:us-east-1:000000000000:stream/missing")
                        .orElseThrow()
                        .arn())
                .isEqualTo("arn:aws:kinesis:us-east-1:000000000000:stream/missing");
        assertThat(streams.find("arn:aws:kinesis:eu-west-1:123456789012:stream/missing"))
                .isEmpty();
    }

    @Test
    void each_starting_position_is_made_absolute_for_every_shard() {
        streams.createStream(STREAM, 1);
        streams.putAll(STREAM, numbers(0, 3));
        clock.advance(Duration.ofSeconds(10));
        Instant later = clock.instant();
        streams.splitShard(STREAM, SHARD_0, BigInteger.TWO.pow(127));
        StreamSource source = streams.find(STREAM).orElseThrow();

        assertThat(source.starts(new StartingPosition.TrimHorizon()))
                .hasSize(3)
                .allSatisfy((id, start) -> assertThat(start).isEqualTo(ShardStart.from(Position.trimHorizon())));

        Map<String, ShardStart> latest = source.starts(new StartingPosition.Latest());
        assertThat(latest.get(SHARD_0)).isEqualTo(ShardStart.SKIP);
        Position tip = ((ShardStart.From) latest.get(SHARD_1)).position();
        streams.put(STREAM, PutEntry.of("k", "new").withExplicitHashKey(BigInteger.ZERO));
        streams.close();
        open();
        streams.put(STREAM, PutEntry.of("k", "newer").withExplicitHashKey(BigInteger.ZERO));
        assertThat(StreamTesting.texts(streams, SHARD_1, tip)).containsExactly("new", "newer");

        Map<String, ShardStart> at = streams.find(STREAM).orElseThrow().starts(new StartingPosition.AtTimestamp(later));
        assertThat(at.get(SHARD_0)).isEqualTo(ShardStart.SKIP);
        assertThat(at.get(SHARD_1)).isEqualTo(ShardStart.from(Position.atTimestamp(later)));
        assertThat(streams.find(STREAM)
                        .orElseThrow()
                        .starts(new StartingPosition.AtTimestamp(later.minusSeconds(10)))
                        .get(SHARD_0))
                .isInstanceOf(ShardStart.From.class);
    }

    @Test
    void a_number_tells_which_shard_holds_it() {
        streams.createStream(STREAM, 40);
        StreamSource source = streams.find(STREAM).orElseThrow();
        for (int i = 0; i < 100; i++) {
            var stored = streams.put(STREAM, PutEntry.of("key-" + i, ""));
            assertThat(source.shardHolding(stored.sequenceNumber()))
                    .contains(stored.shard().id());
        }
        assertThat(source.shardHolding(SequenceNumber.of(17))).isEmpty();
    }

    @Test
    void a_position_of_another_stream_says_that_that_stream_is_gone() {
        streams.createStream(STREAM, 1);
        try (ShardReader reader = reader(streams, SHARD_0, Position.after(SequenceNumber.of(17)))) {
            assertThat(reader.read(1, 1)).isEqualTo(new ReadResult.StreamGone());
        }
        assertThatThrownBy(() -> streams.read(STREAM, SHARD_0, Position.at(SequenceNumber.of(17)), 1, 1))
                .isInstanceOf(StreamRequestException.class)
                .hasMessageContaining("17");
        assertThat(reader(streams, "shardId-000000000001", Position.trimHorizon())
                        .read(1, 1))
                .isEqualTo(new ReadResult.StreamGone());
    }
}
