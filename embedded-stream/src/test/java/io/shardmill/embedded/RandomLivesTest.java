package io.shardmill.embedded;

import static io.shardmill.embedded.StreamTesting.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random puts, splits, merges and reopenings beside a model that is a map of lists. */
class RandomLivesTest {

    private static final int STEPS = 150;

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final Map<String, List<SequenceNumber>> model = new TreeMap<>();
    private final Map<SequenceNumber, String> texts = new HashMap<>();
    private final Map<String, SequenceNumber> lastOfKey = new HashMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void the_stream_holds_what_the_model_holds(long seed) {
        Random random = new Random(seed);
        EmbeddedStreams streams = open();
        try {
            streams.createStream(STREAM, 1 + random.nextInt(4));
            for (int step = 0; step < STEPS; step++) {
                clock.advance(Duration.ofMillis(random.nextInt(700)));
                int choice = random.nextInt(20);
                if (choice < 14) {
                    put(streams, random);
                } else if (choice < 16) {
                    split(streams, random);
                } else if (choice < 18) {
                    merge(streams, random);
                } else {
                    streams.close();
                    streams = open();
                    assertThat(streams.recovery().report().isClean()).isTrue();
                }
                if (step % 25 == 0) {
                    assertSame(streams, seed);
                }
            }
            assertSame(streams, seed);
        } finally {
            streams.close();
        }
    }

    private EmbeddedStreams open() {
        return EmbeddedStreams.open(
                EmbeddedStreamsSettings.in(folder).withClock(clock).withSegmentBytes(64 << 10));
    }

    private void put(EmbeddedStreams streams, Random random) {
        List<PutEntry> entries = new ArrayList<>();
        for (int i = random.nextInt(40); i >= 0; i--) {
            entries.add(PutEntry.of("key-" + random.nextInt(12), random.nextInt() + "x".repeat(random.nextInt(900))));
        }
        List<PutResult> results = streams.putAll(STREAM, entries);
        for (int i = 0; i < entries.size(); i++) {
            PutResult.Stored stored = (PutResult.Stored) results.get(i);
            String key = entries.get(i).partitionKey();
            SequenceNumber before = lastOfKey.put(key, stored.sequenceNumber());
            assertThat(before == null || stored.sequenceNumber().isAfter(before))
                    .as("numbers of a key grow, over splits and merges too")
                    .isTrue();
            model.computeIfAbsent(stored.shard().id(), id -> new ArrayList<>()).add(stored.sequenceNumber());
            String text = key + "/" + new String(entries.get(i).data(), StandardCharsets.UTF_8);
            assertThat(texts.put(stored.sequenceNumber(), text))
                    .as("no number twice")
                    .isNull();
        }
    }

    private static void split(EmbeddedStreams streams, Random random) {
        List<StreamInfo.ShardInfo> open = streams.describe(STREAM).openShards();
        StreamInfo.ShardInfo shard = open.get(random.nextInt(open.size()));
        BigInteger middle = shard.startingHashKey().add(shard.endingHashKey()).shiftRight(1);
        streams.splitShard(STREAM, shard.id(), middle);
    }

    private static void merge(EmbeddedStreams streams, Random random) {
        List<StreamInfo.ShardInfo> open = streams.describe(STREAM).openShards();
        if (open.size() > 1) {
            int lower = random.nextInt(open.size() - 1);
            streams.mergeShards(
                    STREAM, open.get(lower).id(), open.get(lower + 1).id());
        }
    }

    private void assertSame(EmbeddedStreams streams, long seed) {
        for (StreamInfo.ShardInfo shard : streams.describe(STREAM).shards()) {
            List<Record> read = StreamTesting.records(streams, shard.id(), Position.trimHorizon());
            assertThat(read)
                    .as("seed %s, %s", seed, shard.id())
                    .extracting(Record::sequenceNumber)
                    .isEqualTo(model.getOrDefault(shard.id(), List.of()))
                    .allMatch(number -> number.isAfter(shard.startingSequenceNumber()));
            for (Record found : read) {
                assertThat(found.partitionKey() + "/" + found.text()).isEqualTo(texts.get(found.sequenceNumber()));
            }
        }
    }
}
