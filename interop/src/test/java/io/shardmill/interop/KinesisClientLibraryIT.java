package io.shardmill.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.server.ServerProcess;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.dynamodb.services.local.embedded.DynamoDBEmbedded;
import software.amazon.dynamodb.services.local.shared.access.AmazonDynamoDBLocal;
import software.amazon.kinesis.retrieval.RetrievalSpecificConfig;
import software.amazon.kinesis.retrieval.fanout.FanOutConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/** AWS's Kinesis Client Library, with its leases in DynamoDB Local, reads a stream of the packaged server. */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class KinesisClientLibraryIT {

    private static final String PARENT = "shardId-000000000000";
    private static final String LOWER = "shardId-000000000001";
    private static final String UPPER = "shardId-000000000002";
    private static final String MIDDLE = BigInteger.TWO.pow(127).toString();

    @TempDir
    private static Path folder;

    private static ServerProcess server;
    private static KinesisClient kinesis;
    private static AmazonDynamoDBLocal dynamoDb;

    private final Map<String, List<String>> put = new TreeMap<>();
    private final Journal journal = new Journal();

    @BeforeAll
    static void start() {
        dynamoDb = DynamoDBEmbedded.create(true);
        server = new ServerProcess(folder);
        kinesis = Clients.kinesis(server.uri());
    }

    @AfterAll
    static void stop() {
        kinesis.close();
        server.close();
        dynamoDb.shutdownNow();
    }

    @Test
    void polling_reads_each_record_once_and_in_order_across_a_split() throws Exception {
        readsAcrossASplit("polled", client -> new PollingConfig("polled", client));
    }

    @Test
    void fan_out_reads_each_record_once_and_in_order_across_a_split() throws Exception {
        readsAcrossASplit(
                "fanned-out",
                client -> new FanOutConfig(client).streamName("fanned-out").applicationName("readers-of-fanned-out"));
        assertThat(kinesis.listStreamConsumers(request -> request.streamARN(arn("fanned-out")))
                        .consumers())
                .hasSize(1);
    }

    private void readsAcrossASplit(String stream, Function<KinesisAsyncClient, RetrievalSpecificConfig> retrieval)
            throws Exception {
        kinesis.createStream(request -> request.streamName(stream).shardCount(1));
        kinesis.waiter().waitUntilStreamExists(request -> request.streamName(stream));
        put(stream, 100);
        try (Consumer consumer =
                new Consumer(stream, server.uri(), dynamoDb.dynamoDbAsyncClient(), retrieval, journal)) {
            consumer.start();
            awaitRecords(100);
            kinesis.splitShard(
                    request -> request.streamName(stream).shardToSplit(PARENT).newStartingHashKey(MIDDLE));
            kinesis.waiter().waitUntilStreamExists(request -> request.streamName(stream));
            put(stream, 200);
            awaitRecords(300);
        }
        assertThat(journal.sequenceNumbers()).isEqualTo(put);
        assertThat(journal.turns()).startsWith(PARENT + " begins", PARENT + " ends");
        assertThat(journal.turns().subList(2, 4)).containsExactlyInAnyOrder(LOWER + " begins", UPPER + " begins");
    }

    private void awaitRecords(int count) {
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(journal.records())
                        .as("records read, after: %s", journal.turns())
                        .isGreaterThanOrEqualTo(count));
    }

    /** Keeps the sequence numbers by shard, sorted. */
    private void put(String stream, int count) {
        List<PutRecordsRequestEntry> entries = IntStream.range(0, count)
                .mapToObj(number -> PutRecordsRequestEntry.builder()
                        .partitionKey("key " + number)
                        .data(SdkBytes.fromUtf8String("record " + number))
                        .build())
                .toList();
        PutRecordsResponse answer =
                kinesis.putRecords(request -> request.streamName(stream).records(entries));
        assertThat(answer.failedRecordCount()).isZero();
        answer.records()
                .forEach(result -> put.computeIfAbsent(result.shardId(), first -> new ArrayList<>())
                        .add(result.sequenceNumber()));
        put.values().forEach(numbers -> numbers.sort(Comparator.comparing(BigInteger::new)));
    }

    private static String arn(String stream) {
        return kinesis.describeStreamSummary(request -> request.streamName(stream))
                .streamDescriptionSummary()
                .streamARN();
    }
}
