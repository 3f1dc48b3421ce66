package io.shardmill.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.PutEntry;
import io.shardmill.function.PutRejectedException;
import io.shardmill.function.PutResult;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.AccessDeniedException;
import software.amazon.awssdk.services.kinesis.model.InternalFailureException;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;

class KinesisWriterTest {

    private static final int SEEDS = 300;
    private static final String SHARD = "shardId-000000000000";

    /** Time that passes only while the writer waits. */
    private long nanos;

    /** Accepts some records of each request, at random. */
    private static class CrowdedKinesis implements KinesisAsyncClient {

        private final Random random;
        private final int percentRefused;
        private final Map<String, List<String>> stored = new LinkedHashMap<>();
        private final List<Integer> requests = new ArrayList<>();
        private int number;

        CrowdedKinesis(Random random, int percentRefused) {
            this.random = random;
            this.percentRefused = percentRefused;
        }

        @Override
        public CompletableFuture<PutRecordsResponse> putRecords(PutRecordsRequest request) {
            requests.add(request.records().size());
            if (isRefused()) {
                return CompletableFuture.failedFuture(InternalFailureException.builder()
                        .message("on purpose")
                        .statusCode(500)
                        .build());
            }
            return CompletableFuture.completedFuture(PutRecordsResponse.builder()
                    .records(request.records().stream().map(this::put).toList())
                    .build());
        }

        private PutRecordsResultEntry put(PutRecordsRequestEntry entry) {
            if (isRefused()) {
                return PutRecordsResultEntry.builder()
                        .errorCode("ProvisionedThroughputExceededException")
                        .errorMessage("Rate exceeded")
                        .build();
            }
            stored.computeIfAbsent(entry.partitionKey(), missing -> new ArrayList<>())
                    .add(entry.data().asUtf8String());
            return PutRecordsResultEntry.builder()
                    .shardId(SHARD)
                    .sequenceNumber(Integer.toString(++number))
                    .build();
        }

        private boolean isRefused() {
            return random.nextInt(100) < percentRefused;
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    private KinesisWriter writer(KinesisAsyncClient client) {
        return new KinesisWriter(
                client,
                "orders",
                new StreamAddress("orders-prod", null),
                BackoffStrategy.exponentialDelayWithoutJitter(Duration.ofMillis(200), Duration.ofSeconds(5)),
                delay -> nanos += delay.toNanos(),
                () -> nanos);
    }

    private static List<PutEntry> entries(int count, int keys) {
        return IntStream.range(0, count)
                .mapToObj(order -> PutEntry.of("key-" + order % keys, Integer.toString(order)))
                .toList();
    }

    @Test
    void nothing_is_lost_and_each_key_keeps_its_order_whatever_is_refused() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            CrowdedKinesis kinesis = new CrowdedKinesis(random, random.nextInt(60));
            int keys = 1 + random.nextInt(20);
            List<PutEntry> entries = entries(1 + random.nextInt(100), keys);
            nanos = 0;

            List<PutResult> results = writer(kinesis).putAll(entries);

            Map<String, List<String>> told = new LinkedHashMap<>();
            Set<String> rejected = new HashSet<>();
            for (int index = 0; index < entries.size(); index++) {
                PutEntry entry = entries.get(index);
                if (results.get(index) instanceof PutResult.Stored) {
                    assertThat(rejected)
                            .as("seed %d: stored before an earlier one", seed)
                            .doesNotContain(entry.partitionKey());
                    told.computeIfAbsent(entry.partitionKey(), missing -> new ArrayList<>())
                            .add(new String(entry.data(), StandardCharsets.UTF_8));
                } else {
                    rejected.add(entry.partitionKey());
                }
            }
            assertThat(told).as("seed %d", seed).isEqualTo(kinesis.stored);
        }
    }

    @Test
    void what_kinesis_has_no_room_for_is_rejected_after_thirty_seconds() {
        CrowdedKinesis full = new CrowdedKinesis(new Random(1), 100);

        assertThat(writer(full).putAll(entries(3, 3)))
                .hasSize(3)
                .allSatisfy(result -> assertThat(result).isInstanceOf(PutResult.Rejected.class));
        assertThat(Duration.ofNanos(nanos)).isBetween(Duration.ofSeconds(20), KinesisWriter.PATIENCE);
        assertThat(full.requests).hasSizeGreaterThan(5);
    }

    @Test
    void a_record_that_is_not_stored_is_an_exception_with_the_code_of_kinesis() {
        KinesisAsyncClient denied = new CrowdedKinesis(new Random(1), 0) {
            @Override
            public CompletableFuture<PutRecordsResponse> putRecords(PutRecordsRequest request) {
                return CompletableFuture.failedFuture(AccessDeniedException.builder()
                        .statusCode(400)
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode("AccessDeniedException")
                                .errorMessage("kinesis:PutRecords is not allowed")
                                .build())
                        .build());
            }
        };

        assertThatThrownBy(() -> writer(denied).put(PutEntry.of("key", "tea")))
                .isInstanceOfSatisfying(
                        PutRejectedException.class,
                        rejected -> assertThat(rejected.errorCode()).isEqualTo("AccessDeniedException"));
        assertThat(nanos).isZero();
    }

    @Test
    void one_invalid_record_is_rejected_with_those_that_follow_it_of_its_key_and_no_others() {
        CrowdedKinesis kinesis = new CrowdedKinesis(new Random(1), 0) {
            @Override
            public CompletableFuture<PutRecordsResponse> putRecords(PutRecordsRequest request) {
                return request.records().stream()
                                .anyMatch(entry -> entry.data().asUtf8String().equals("1"))
                        ? CompletableFuture.failedFuture(InvalidArgumentException.builder()
                                .statusCode(400)
                                .awsErrorDetails(AwsErrorDetails.builder()
                                        .errorCode("InvalidArgumentException")
                                        .errorMessage("on purpose")
                                        .build())
                                .build())
                        : super.putRecords(request);
            }
        };
        List<PutResult> results = writer(kinesis).putAll(entries(9, 3));

        assertThat(results.stream().map(PutResult.Rejected.class::isInstance))
                .containsExactly(false, true, false, false, true, false, false, true, false);
        assertThat(kinesis.stored).isEqualTo(Map.of("key-0", List.of("0", "3", "6"), "key-2", List.of("2", "5", "8")));
    }

    @Test
    void a_stream_that_is_missing_is_an_error_of_the_caller() {
        KinesisAsyncClient missing = new CrowdedKinesis(new Random(1), 0) {
            @Override
            public CompletableFuture<PutRecordsResponse> putRecords(PutRecordsRequest request) {
                return CompletableFuture.failedFuture(ResourceNotFoundException.builder()
                        .statusCode(400)
                        .message("Stream orders-prod not found")
                        .build());
            }
        };

        assertThatThrownBy(() -> writer(missing).put(PutEntry.of("key", "tea")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no Kinesis stream 'orders'");
    }

    @Test
    void a_request_has_no_more_records_and_bytes_than_kinesis_takes() {
        CrowdedKinesis kinesis = new CrowdedKinesis(new Random(1), 0);
        writer(kinesis).putAll(entries(1_200, 1_200));
        assertThat(kinesis.requests).containsExactly(500, 500, 200);

        byte[] large = new byte[6 << 20];
        kinesis.requests.clear();
        writer(kinesis).putAll(List.of(PutEntry.of("a", large), PutEntry.of("b", large)));
        assertThat(kinesis.requests).containsExactly(1, 1);
    }

    @Test
    void an_explicit_hash_key_is_sent() {
        List<String> hashKeys = new ArrayList<>();
        KinesisAsyncClient kinesis = new CrowdedKinesis(new Random(1), 0) {
            @Override
            public CompletableFuture<PutRecordsResponse> putRecords(PutRecordsRequest request) {
                hashKeys.add(request.records().get(0).explicitHashKey());
                return super.putRecords(request);
            }
        };
        writer(kinesis).put(PutEntry.of("key", "tea").withExplicitHashKey(BigInteger.TEN));

        assertThat(hashKeys).containsExactly("10");
    }
}
