package io.shardmill.aws.kinesis;

import static io.shardmill.aws.kinesis.KinesisTesting.STREAM;
import static io.shardmill.aws.kinesis.KinesisTesting.entry;
import static io.shardmill.aws.kinesis.KinesisTesting.fails;
import static io.shardmill.aws.kinesis.KinesisTesting.iterator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.PutEntry;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** Kinesis's limits on a shard, switched on, against a clock that only moves when it is told to. */
class ThroughputTest {

    private static final String REFUSED =
            "Rate exceeded for shard shardId-000000000000 in stream orders under account 000000000000.";

    private final KinesisEndpoint endpoint = new KinesisEndpoint(true);
    private final KinesisClient client = endpoint.client(0);

    @BeforeEach
    void create() {
        endpoint.streams.createStream(STREAM, 2);
    }

    @AfterEach
    void close() {
        client.close();
        endpoint.close();
    }

    /** MD5 sends a to the first shard and b to the second. */
    private PutRecordsResponse put(int records, String key, int bytes) {
        List<PutRecordsRequestEntry> entries = Collections.nCopies(records, entry(key, new byte[bytes]));
        return client.putRecords(request -> request.streamName(STREAM).records(entries));
    }

    @Test
    void case_105_what_a_shard_has_no_throughput_for_fails_by_itself() {
        assertThat(put(500, "a", 1).failedRecordCount()).isZero();
        assertThat(put(499, "a", 1).failedRecordCount()).isZero();
        List<PutRecordsRequestEntry> three =
                List.of(entry("a", new byte[1]), entry("a", new byte[1]), entry("b", new byte[1]));
        PutRecordsResponse mixed =
                client.putRecords(request -> request.streamName(STREAM).records(three));
        assertThat(mixed.failedRecordCount()).isEqualTo(1);
        assertThat(mixed.records().get(0).sequenceNumber()).isNotNull();
        assertThat(mixed.records().get(0).errorCode()).isNull();
        assertThat(mixed.records().get(1).errorCode()).isEqualTo("ProvisionedThroughputExceededException");
        assertThat(mixed.records().get(1).errorMessage()).isEqualTo(REFUSED);
        assertThat(mixed.records().get(1).sequenceNumber()).isNull();
        assertThat(mixed.records().get(2).shardId()).isEqualTo("shardId-000000000001");
        assertThat(endpoint.streams
                        .read(
                                STREAM,
                                "shardId-000000000000",
                                io.shardmill.poller.stream.Position.trimHorizon(),
                                10_000,
                                1 << 20)
                        .records())
                .hasSize(1_000);
        endpoint.clock.advance(Duration.ofMillis(10));
        assertThat(put(11, "a", 1).failedRecordCount()).isEqualTo(1);
    }

    @Test
    void a_shard_takes_one_mebibyte_a_second() {
        assertThat(put(2, "a", (1 << 19) - 1).failedRecordCount()).isZero();
        assertThat(put(1, "a", 1).failedRecordCount()).isEqualTo(1);
        assertThatThrownBy(() -> client.putRecord(
                        request -> request.streamName(STREAM).partitionKey("a").data(SdkBytes.fromUtf8String("x"))))
                .satisfies(fails("ProvisionedThroughputExceededException", REFUSED));
        endpoint.clock.advance(Duration.ofMillis(500));
        assertThat(put(2, "a", (1 << 19) - 1).failedRecordCount()).isEqualTo(1);
    }

    @Test
    void a_record_larger_than_a_seconds_throughput_is_taken_by_a_shard_that_rested() {
        endpoint.streams.updateMaxRecordBytes(STREAM, 4 << 20);
        assertThat(put(1, "a", 3 << 20).failedRecordCount()).isZero();
        endpoint.clock.advance(Duration.ofSeconds(2));
        assertThat(put(1, "a", 1).failedRecordCount()).isEqualTo(1);
        endpoint.clock.advance(Duration.ofMillis(1_001));
        assertThat(put(1, "a", 1).failedRecordCount()).isZero();
    }

    @Test
    void a_shard_is_read_five_times_a_second() {
        String iterator = iterator(client, ShardIteratorType.TRIM_HORIZON);
        for (int i = 0; i < 5; i++) {
            client.getRecords(request -> request.shardIterator(iterator));
        }
        assertThatThrownBy(() -> client.getRecords(request -> request.shardIterator(iterator)))
                .satisfies(fails("ProvisionedThroughputExceededException", REFUSED));
        endpoint.clock.advance(Duration.ofMillis(200));
        client.getRecords(request -> request.shardIterator(iterator));
        assertThatThrownBy(() -> client.getRecords(request -> request.shardIterator(iterator)))
                .satisfies(fails("ProvisionedThroughputExceededException", REFUSED));
    }

    @Test
    void after_an_answer_of_10_mebibytes_a_shard_is_not_read_for_5_seconds() {
        byte[] data = new byte[1_000_000];
        IntStream.range(0, 12).forEach(i -> endpoint.streams.put(STREAM, PutEntry.of("a", data)));
        String iterator = iterator(client, ShardIteratorType.TRIM_HORIZON);
        GetRecordsResponse page = client.getRecords(request -> request.shardIterator(iterator));
        assertThat(page.records()).hasSize(10);
        for (int seconds = 0; seconds < 4; seconds++) {
            assertThatThrownBy(() -> client.getRecords(request -> request.shardIterator(page.nextShardIterator())))
                    .satisfies(fails("ProvisionedThroughputExceededException", REFUSED));
            endpoint.clock.advance(Duration.ofSeconds(1));
        }
        endpoint.clock.advance(Duration.ofSeconds(1));
        assertThat(client.getRecords(request -> request.shardIterator(page.nextShardIterator()))
                        .records())
                .hasSize(2);
    }
}
