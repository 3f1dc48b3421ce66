package io.shardmill.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.Record;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.stream.StreamUnavailableException;
import io.shardmill.runtime.arn.AwsScope;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A consumer of kinesis-local, which does not tell consumers of the ends of shards: less than what the contract of sources asks. */
@Timeout(120)
class KinesisLocalSubscribedTest {

    private static final int RECORDS = 50;

    @Test
    void a_consumer_is_registered_and_gets_what_is_written_before_and_after_it_subscribes() throws Exception {
        try (KinesisLocal server = new KinesisLocal();
                KinesisStreams streams = new KinesisStreams(
                        Map.of(
                                "orders",
                                KinesisStream.of("orders-prod")
                                        .at(server.location())
                                        .withConsumer("billing")),
                        server.location(),
                        AwsScope.DEFAULT,
                        InstantSource.system(),
                        ReadObserver.NONE)) {
            server.client()
                    .createStream(request -> request.streamName("orders-prod").shardCount(1))
                    .join();
            StreamSource source = streams.find("orders").orElseThrow();
            Awaitility.await()
                    .ignoreExceptionsMatching(StreamUnavailableException.class::isInstance)
                    .until(() -> source.describe() != null);
            String shard = source.describe().shards().get(0).id();
            put(streams, 0);
            Semaphore wakes = new Semaphore(0);
            try (ShardReader reader = source.open(shard, Position.trimHorizon(), wakes::release)) {
                assertThat(texts(reader, wakes, RECORDS)).hasSize(RECORDS);
                put(streams, RECORDS);
                assertThat(texts(reader, wakes, RECORDS))
                        .containsExactlyInAnyOrderElementsOf(IntStream.range(RECORDS, 2 * RECORDS)
                                .mapToObj(Integer::toString)
                                .toList());
            }
        }
    }

    private static void put(KinesisStreams streams, int from) {
        List<PutEntry> entries = IntStream.range(from, from + RECORDS)
                .mapToObj(order -> PutEntry.of("customer-" + order, Integer.toString(order)))
                .toList();
        assertThat(streams.putAll("orders", entries))
                .allSatisfy(result -> assertThat(result).isInstanceOf(PutResult.Stored.class));
    }

    private static List<String> texts(ShardReader reader, Semaphore wakes, int count) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        while (texts.size() < count) {
            if (reader.read(RECORDS, 1 << 20) instanceof ReadResult.Records found) {
                found.records().stream().map(Record::text).forEach(texts::add);
            } else {
                assertThat(wakes.tryAcquire(30, TimeUnit.SECONDS)).as("woken").isTrue();
            }
        }
        return texts;
    }
}
