package io.shardmill.benchmarks;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** Puts 8,000 records of 1 KiB into a new stream of four shards, and reads them back, as an application with AWS's SDK does. */
final class KinesisLoad implements AutoCloseable {

    static final int CLIENTS = 4;
    static final int BATCHES = 16;
    static final int BATCH = 500;
    static final int RECORDS = BATCHES * BATCH;

    private static final int SHARDS = 4;
    private static final int BYTES = 1024;
    private static final SdkBytes PAYLOAD = payload();

    private final KinesisClient client;
    private final List<PutRecordsRequestEntry> batch = IntStream.range(0, BATCH)
            .mapToObj(number -> PutRecordsRequestEntry.builder()
                    .partitionKey("key " + number)
                    .data(PAYLOAD)
                    .build())
            .toList();
    private int streams;

    KinesisLoad(KinesisServer server) {
        client = KinesisClient.builder()
                .endpointOverride(server.uri())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                // A slow server is measured, not asked again.
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofMinutes(10)))
                .build();
    }

    private static SdkBytes payload() {
        byte[] bytes = new byte[BYTES];
        new Random(1).nextBytes(bytes);
        return SdkBytes.fromByteArrayUnsafe(bytes);
    }

    private String stream() {
        return "stream-" + streams;
    }

    /** The stream before is deleted. */
    void createStream() {
        if (streams > 0) {
            client.deleteStream(request -> request.streamName(stream()));
            client.waiter().waitUntilStreamNotExists(request -> request.streamName(stream()));
        }
        streams++;
        client.createStream(request -> request.streamName(stream()).shardCount(SHARDS));
        client.waiter().waitUntilStreamExists(request -> request.streamName(stream()));
    }

    /** Nanoseconds to put all records, with {@code PutRecords}. */
    long putNanos() throws Exception {
        createStream();
        long start = System.nanoTime();
        Parallel.forEach(CLIENTS, Collections.nCopies(BATCHES, batch), entries -> {
            if (client.putRecords(request -> request.streamName(stream()).records(entries))
                            .failedRecordCount()
                    > 0) {
                throw new IllegalStateException("A record was not put");
            }
        });
        return System.nanoTime() - start;
    }

    /** Nanoseconds to read what was put last, each shard by one thread. */
    long getNanos() throws Exception {
        AtomicInteger read = new AtomicInteger();
        List<Shard> shards =
                client.listShards(request -> request.streamName(stream())).shards();
        long start = System.nanoTime();
        Parallel.forEach(CLIENTS, shards, shard -> read.addAndGet(read(shard)));
        long nanos = System.nanoTime() - start;
        if (read.get() != RECORDS) {
            throw new IllegalStateException(read + " records were read");
        }
        return nanos;
    }

    private int read(Shard shard) {
        int records = 0;
        String iterator = client.getShardIterator(request -> request.streamName(stream())
                        .shardId(shard.shardId())
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                .shardIterator();
        while (true) {
            String from = iterator;
            GetRecordsResponse answer = client.getRecords(request -> request.shardIterator(from));
            if (answer.records().isEmpty()) {
                return records;
            }
            records += answer.records().size();
            iterator = answer.nextShardIterator();
        }
    }

    /** One {@code PutRecord}. */
    void putOne() {
        client.putRecord(
                request -> request.streamName(stream()).partitionKey("key").data(PAYLOAD));
    }

    @Override
    public void close() {
        client.close();
    }
}
