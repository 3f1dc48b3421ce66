package io.shardmill.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import io.shardmill.poller.stream.StreamSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More subscriptions than a connection has streams. */
@Timeout(120)
class ManySubscriptionsTest {

    private static final int SHARDS = 200;

    @Test
    void two_hundred_shards_are_subscribed_to_at_once() throws Exception {
        try (ServedStreams served = new ServedStreams();
                KinesisStreams kinesis = served.connect(Map.of(
                        "orders",
                        KinesisStream.of("orders").at(served.location()).withConsumer("billing")))) {
            served.streams.createStream("orders", SHARDS);
            StreamSource source = kinesis.find("orders").orElseThrow();
            LinkedBlockingQueue<String> woken = new LinkedBlockingQueue<>();
            Map<String, ShardReader> readers = new HashMap<>();
            for (ShardDescription shard : source.describe().shards()) {
                String id = shard.id();
                ShardReader reader = source.open(id, Position.trimHorizon(), () -> woken.add(id));
                readers.put(id, reader);
                assertThat(reader.read(10, 1 << 20)).isEqualTo(new ReadResult.Nothing(false));
            }
            for (ShardInfo shard : served.streams.describe("orders").shards()) {
                served.streams.put(
                        "orders", PutEntry.of("key", shard.id()).withExplicitHashKey(shard.startingHashKey()));
            }

            List<String> texts = new ArrayList<>();
            while (texts.size() < SHARDS) {
                String shard = woken.poll(60, TimeUnit.SECONDS);
                assertThat(shard)
                        .as("a shard with news, after %d records", texts.size())
                        .isNotNull();
                if (readers.get(shard).read(10, 1 << 20) instanceof ReadResult.Records found) {
                    found.records().stream().map(Record::text).forEach(texts::add);
                }
            }

            assertThat(texts).containsExactlyInAnyOrderElementsOf(readers.keySet());
            readers.values().forEach(ShardReader::close);
        }
    }
}
