package io.shardmill.benchmarks;

import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/** Makes streams on a server, and puts records into them, evenly over their shards. */
final class KinesisFeed implements AutoCloseable {

    private static final int BATCH = 500;
    private static final int THREADS = 4;
    private static final BigInteger HASH_KEYS = BigInteger.TWO.pow(128);

    private final KinesisClient client;

    KinesisFeed(URI server) {
        client = Endpoints.at(server, KinesisClient.builder())
                // A slow server is waited for, not asked again.
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofMinutes(2)))
                .build();
    }

    /** Makes a stream, and returns its ARN. */
    String create(String stream, int shards) {
        client.createStream(request -> request.streamName(stream).shardCount(shards));
        client.waiter().waitUntilStreamExists(request -> request.streamName(stream));
        return client.describeStreamSummary(request -> request.streamName(stream))
                .streamDescriptionSummary()
                .streamARN();
    }

    /** Makes a stream with records that are numbered from 0, in order within each shard; returns its ARN. */
    String createWithBacklog(String stream, int shards, int records) throws Exception {
        String arn = create(stream, shards);
        List<List<PutRecordsRequestEntry>> batches = new ArrayList<>();
        for (int from = 0; from < records; from += BATCH) {
            batches.add(IntStream.range(from, Math.min(records, from + BATCH))
                    .mapToObj(number -> entry(number, shards))
                    .toList());
        }
        // In one thread where there is one shard: the numbers of its records grow.
        Parallel.forEach(shards == 1 ? 1 : THREADS, batches, batch -> put(arn, batch));
        return arn;
    }

    private void put(String arn, List<PutRecordsRequestEntry> batch) {
        if (client.putRecords(request -> request.streamARN(arn).records(batch)).failedRecordCount() > 0) {
            throw new IllegalStateException("A record was not put");
        }
    }

    private static PutRecordsRequestEntry entry(int number, int shards) {
        BigInteger hashKey = HASH_KEYS.multiply(BigInteger.valueOf(number % shards)).divide(BigInteger.valueOf(shards));
        return PutRecordsRequestEntry.builder()
                .partitionKey("key " + number)
                .explicitHashKey(hashKey.add(BigInteger.ONE).toString())
                .data(SdkBytes.fromByteArrayUnsafe(StampedRecord.now(number).bytes()))
                .build();
    }

    /** Puts one record, stamped with the time just before. */
    void put(String arn, int number) {
        client.putRecord(request -> request.streamARN(arn)
                .partitionKey("key " + number)
                .data(SdkBytes.fromByteArrayUnsafe(StampedRecord.now(number).bytes())));
    }

    @Override
    public void close() {
        client.close();
    }
}
