package io.shardmill.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import io.shardmill.server.ServerProcess;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.kinesis.producer.KinesisProducer;
import software.amazon.kinesis.producer.KinesisProducerConfiguration;
import software.amazon.kinesis.producer.UserRecordResult;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/** AWS's Kinesis Producer Library, which speaks TLS only, packs many records into one of the packaged server's. */
@Timeout(300)
class KinesisProducerLibraryIT {

    private static final String STREAM = "words";
    private static final List<String> WORDS =
            IntStream.range(0, 1_000).mapToObj(number -> "word " + number).toList();

    @TempDir
    private Path folder;

    @Test
    void aggregated_records_arrive_over_tls_and_come_out_as_they_were_put() throws Exception {
        Certificate certificate = Certificate.in(folder);
        try (ServerProcess server = new ServerProcess(
                        folder,
                        "--spring.ssl.bundle.jks.loopback.keystore.location=file:" + certificate.keyStore(),
                        "--spring.ssl.bundle.jks.loopback.keystore.password=" + Certificate.PASSWORD,
                        "--server.ssl.bundle=loopback");
                KinesisClient kinesis = Clients.kinesis(server.uri(), certificate)) {
            kinesis.createStream(request -> request.streamName(STREAM).shardCount(1));
            kinesis.waiter().waitUntilStreamExists(request -> request.streamName(STREAM));
            KinesisProducer producer = producer(server.uri(), certificate);
            try {
                // Until it has asked for the shards, it sends each record by itself.
                await("aggregation").atMost(Duration.ofMinutes(1)).until(() -> {
                    put(producer, "warm-up", List.of("one", "two"));
                    return stored(kinesis).stream().anyMatch(KinesisProducerLibraryIT::aggregated);
                });
                int before = stored(kinesis).size();
                put(producer, "word", WORDS);

                List<KinesisClientRecord> stored = stored(kinesis);
                assertThat(stored.size() - before).as("records for all words").isLessThan(WORDS.size() / 10);
                assertThat(new AggregatorUtil().deaggregate(stored))
                        .filteredOn(record -> record.partitionKey().equals("word"))
                        .extracting(record -> UTF_8.decode(record.data()).toString())
                        .containsExactlyInAnyOrderElementsOf(WORDS);
            } finally {
                producer.destroy();
            }
        }
    }

    /** Its daemon is unpacked into the build's folder: a thread looks after the files until this JVM ends. */
    private static KinesisProducer producer(URI endpoint, Certificate certificate) {
        return new KinesisProducer(new KinesisProducerConfiguration()
                .setRegion(Clients.REGION.id())
                .setCredentialsProvider(Clients.ANYBODY)
                .setKinesisEndpoint(endpoint.getHost())
                .setKinesisPort(endpoint.getPort())
                .setStsEndpoint(endpoint.getHost())
                .setStsPort(endpoint.getPort())
                .setCaCertFile(certificate.pem().toString())
                .setMetricsLevel("none")
                .setTempDirectory(Path.of("target").toAbsolutePath().toString()));
    }

    /** Returns when all are acknowledged. */
    private static void put(KinesisProducer producer, String key, List<String> texts) throws Exception {
        List<ListenableFuture<UserRecordResult>> results = new ArrayList<>();
        for (String text : texts) {
            results.add(producer.addUserRecord(STREAM, key, UTF_8.encode(text)));
        }
        for (ListenableFuture<UserRecordResult> result : results) {
            assertThat(result.get(1, TimeUnit.MINUTES).isSuccessful()).isTrue();
        }
    }

    private static List<KinesisClientRecord> stored(KinesisClient kinesis) {
        String iterator = kinesis.getShardIterator(request -> request.streamName(STREAM)
                        .shardId("shardId-000000000000")
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                .shardIterator();
        return kinesis.getRecords(request -> request.shardIterator(iterator)).records().stream()
                .map(KinesisClientRecord::fromRecord)
                .toList();
    }

    private static boolean aggregated(KinesisClientRecord record) {
        ByteBuffer magic = ByteBuffer.wrap(AggregatorUtil.AGGREGATED_RECORD_MAGIC);
        return record.data().remaining() > magic.remaining()
                && record.data().slice(0, magic.remaining()).equals(magic);
    }
}
