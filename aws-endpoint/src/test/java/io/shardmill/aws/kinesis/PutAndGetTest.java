package io.shardmill.aws.kinesis;

import static io.shardmill.aws.kinesis.KinesisEndpoint.SHARD_0;
import static io.shardmill.aws.kinesis.KinesisTesting.STREAM;
import static io.shardmill.aws.kinesis.KinesisTesting.entry;
import static io.shardmill.aws.kinesis.KinesisTesting.fails;
import static io.shardmill.aws.kinesis.KinesisTesting.iterator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.embedded.model.StreamOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** Records through AWS's clients, in both forms of a body and over both versions of HTTP. */
class PutAndGetTest {

    private final KinesisEndpoint endpoint = new KinesisEndpoint();

    @AfterEach
    void close() {
        endpoint.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_stream_that_was_moved_refuses_records_and_is_read_to_its_end(Client kind) {
        endpoint.streams.createStream(STREAM, 1);
        try (KinesisClient client = kind.to(endpoint)) {
            client.putRecords(request -> request.streamName(STREAM).records(entry("key", new byte[] {1})));
            endpoint.streams.closeStream(STREAM);

            assertThatThrownBy(() -> client.putRecord(request ->
                            request.streamName(STREAM).partitionKey("key").data(SdkBytes.fromUtf8String("late"))))
                    .isInstanceOf(InvalidArgumentException.class)
                    .hasMessageContaining("was moved and takes no records any more");
            assertThatThrownBy(() -> client.putRecords(
                            request -> request.streamName(STREAM).records(entry("key", new byte[] {2}))))
                    .isInstanceOf(InvalidArgumentException.class);
            List<Record> read = new ArrayList<>();
            String iterator = iterator(client, ShardIteratorType.TRIM_HORIZON);
            while (iterator != null) {
                String from = iterator;
                GetRecordsResponse got = client.getRecords(request -> request.shardIterator(from));
                read.addAll(got.records());
                iterator = got.nextShardIterator();
            }
            assertThat(read).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_record_comes_back_as_it_was_put(Client kind) {
        endpoint.streams.createStream(STREAM, 1);
        byte[] everyByte = new byte[256];
        IntStream.range(0, 256).forEach(i -> everyByte[i] = (byte) i);
        try (KinesisClient client = kind.to(endpoint)) {
            PutRecordResponse put = client.putRecord(request -> request.streamName(STREAM)
                    .partitionKey("Zürich 🚆 \"\\\n\u0000")
                    .data(SdkBytes.fromByteArray(everyByte)));
            client.putRecord(request ->
                    request.streamName(STREAM).partitionKey("empty").data(SdkBytes.fromByteArray(new byte[0])));
            GetRecordsResponse got = client.getRecords(
                    request -> request.shardIterator(iterator(client, ShardIteratorType.TRIM_HORIZON)));
            assertThat(got.records()).hasSize(2);
            Record first = got.records().get(0);
            assertThat(first.partitionKey()).isEqualTo("Zürich 🚆 \"\\\n\u0000");
            assertThat(first.data().asByteArray()).isEqualTo(everyByte);
            assertThat(first.sequenceNumber()).isEqualTo(put.sequenceNumber());
            assertThat(first.approximateArrivalTimestamp()).isEqualTo(endpoint.clock.instant());
            assertThat(first.encryptionType()).isNull();
            assertThat(got.records().get(1).data().asByteArray()).isEmpty();
            assertThat(put.shardId()).isEqualTo(SHARD_0);
            assertThat(got.millisBehindLatest()).isZero();
        }
        assertThat(endpoint.contentTypes()).containsExactly(kind.contentType());
    }

    @ParameterizedTest
    @EnumSource
    void five_hundred_records_are_put_at_once_and_read_in_pages(Client kind) {
        endpoint.streams.createStream(STREAM, 1);
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<PutRecordsRequestEntry> entries = IntStream.range(0, 500)
                .mapToObj(i -> {
                    byte[] data = new byte[random.nextInt(5_000)];
                    random.nextBytes(data);
                    return entry("key-" + i % 7, data);
                })
                .toList();
        try (KinesisClient client = kind.to(endpoint)) {
            PutRecordsResponse put =
                    client.putRecords(request -> request.streamARN(arn()).records(entries));
            assertThat(put.failedRecordCount()).isZero();
            List<Record> read = new ArrayList<>();
            String iterator = iterator(client, ShardIteratorType.TRIM_HORIZON);
            while (read.size() < 500) {
                String from = iterator;
                GetRecordsResponse page =
                        client.getRecords(request -> request.shardIterator(from).limit(123));
                assertThat(page.records()).hasSizeBetween(1, 123);
                read.addAll(page.records());
                iterator = page.nextShardIterator();
            }
            assertThat(read)
                    .extracting(Record::data)
                    .isEqualTo(
                            entries.stream().map(PutRecordsRequestEntry::data).toList());
            assertThat(read)
                    .extracting(Record::sequenceNumber)
                    .isEqualTo(put.records().stream()
                            .map(PutRecordsResultEntry::sequenceNumber)
                            .toList());
        }
    }

    private String arn() {
        return endpoint.streams.describe(STREAM).arn();
    }

    @Test
    void case_105_more_than_500_records_are_refused_as_a_whole() {
        endpoint.streams.createStream(STREAM, 1);
        List<PutRecordsRequestEntry> entries =
                IntStream.range(0, 501).mapToObj(i -> entry("k", new byte[1])).toList();
        try (KinesisClient client = endpoint.client()) {
            assertThatThrownBy(() -> client.putRecords(
                            request -> request.streamName(STREAM).records(entries)))
                    .satisfies(fails(
                            "ValidationException",
                            "1 validation error detected: Value '[501 members]' at 'records' failed to satisfy"
                                    + " constraint: Member must have length less than or equal to 500"));
            assertThatThrownBy(() -> client.putRecords(
                            request -> request.streamName(STREAM).records(List.of())))
                    .satisfies(fails("ValidationException", "at 'records' failed to satisfy"));
            GetRecordsResponse read = client.getRecords(
                    request -> request.shardIterator(iterator(client, ShardIteratorType.TRIM_HORIZON)));
            assertThat(read.records()).isEmpty();
        }
    }

    @Test
    void case_106_an_explicit_hash_key_picks_the_shard_and_must_be_on_the_ring() {
        endpoint.streams.createStream(STREAM, 2);
        try (KinesisClient client = endpoint.client()) {
            String half = "170141183460469231731687303715884105728";
            PutRecordsResponse put = client.putRecords(request -> request.streamName(STREAM)
                    .records(
                            entry("a", new byte[1]),
                            entry("b", new byte[1]),
                            entry("b", new byte[1]).toBuilder()
                                    .explicitHashKey("0")
                                    .build(),
                            entry("a", new byte[1]).toBuilder()
                                    .explicitHashKey(half)
                                    .build()));
            assertThat(put.records())
                    .extracting(PutRecordsResultEntry::shardId)
                    .containsExactly(SHARD_0, "shardId-000000000001", SHARD_0, "shardId-000000000001");
            String outside = "340282366920938463463374607431768211456";
            assertThatThrownBy(() -> client.putRecord(request -> request.streamName(STREAM)
                            .partitionKey("a")
                            .data(SdkBytes.fromUtf8String("x"))
                            .explicitHashKey(outside)))
                    .satisfies(fails(
                            "InvalidArgumentException",
                            "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]."
                                    + " Specified value was " + outside));
            assertThatThrownBy(() -> client.putRecord(request -> request.streamName(STREAM)
                            .partitionKey("a")
                            .data(SdkBytes.fromUtf8String("x"))
                            .explicitHashKey("-1")))
                    .satisfies(fails("ValidationException", "pattern: 0|([1-9]\\d{0,38})"));
        }
    }

    @Test
    void case_110_a_record_may_be_as_large_as_its_stream_allows_and_a_request_10_mebibytes() {
        endpoint.streams.createStream(STREAM, 1);
        byte[] mebibyte = new byte[(1 << 20) - 1];
        try (KinesisClient client = endpoint.client()) {
            List<PutRecordsRequestEntry> ten =
                    IntStream.range(0, 10).mapToObj(i -> entry("k", mebibyte)).toList();
            assertThat(client.putRecords(request -> request.streamName(STREAM).records(ten))
                            .failedRecordCount())
                    .isZero();
            List<PutRecordsRequestEntry> more = new ArrayList<>(ten);
            more.add(entry("k", new byte[1]));
            assertThatThrownBy(() -> client.putRecords(
                            request -> request.streamName(STREAM).records(more)))
                    .satisfies(fails("InvalidArgumentException", "Records size exceeds 10 MB limit"));
            List<PutRecordsRequestEntry> tooLarge = List.of(entry("k", new byte[1]), entry("kk", mebibyte));
            assertThatThrownBy(() -> client.putRecords(
                            request -> request.streamName(STREAM).records(tooLarge)))
                    .satisfies(fails(
                            "ValidationException",
                            "at 'records.2.member.data' failed to satisfy constraint: Member must have length less"
                                    + " than or equal to 1048576"));
            endpoint.streams.updateMaxRecordBytes(STREAM, StreamOptions.LARGEST_MAX_RECORD_BYTES);
            byte[] largest = new byte[(10 << 20) - 1];
            client.putRecord(
                    request -> request.streamName(STREAM).partitionKey("k").data(SdkBytes.fromByteArray(largest)));
            String iterator = iterator(client, ShardIteratorType.TRIM_HORIZON);
            List<Integer> sizes = new ArrayList<>();
            while (sizes.size() < 11) {
                String from = iterator;
                GetRecordsResponse page = client.getRecords(request -> request.shardIterator(from));
                page.records().forEach(record -> sizes.add(record.data().asByteArrayUnsafe().length));
                iterator = page.nextShardIterator();
            }
            assertThat(sizes.get(10)).isEqualTo(largest.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ten_mebibytes_of_small_records_are_taken_in_either_form(Client kind) {
        endpoint.streams.createStream(STREAM, 1);
        List<PutRecordsRequestEntry> entries = IntStream.range(0, 500)
                .mapToObj(i -> entry("k".repeat(256), new byte[20_715]))
                .toList();
        try (KinesisClient client = kind.to(endpoint)) {
            assertThat(client.putRecords(request -> request.streamName(STREAM).records(entries))
                            .failedRecordCount())
                    .isZero();
        }
    }

    @Test
    void a_partition_key_has_1_to_256_characters() {
        endpoint.streams.createStream(STREAM, 1);
        try (KinesisClient client = endpoint.client()) {
            client.putRecords(request -> request.streamName(STREAM).records(entry("🚆".repeat(256), new byte[1])));
            assertThatThrownBy(() -> client.putRecords(request -> request.streamName(STREAM)
                            .records(
                                    entry("k", new byte[1]),
                                    entry("", new byte[1]),
                                    entry("k".repeat(257), new byte[1]))))
                    .satisfies(fails(
                            "ValidationException",
                            "2 validation errors detected: Value '' at 'records.2.member.partitionKey' failed to"
                                    + " satisfy constraint: Member must have length greater than or equal to 1; Value"))
                    .satisfies(fails(
                            "ValidationException",
                            "at 'records.3.member.partitionKey' failed to satisfy"
                                    + " constraint: Member must have length less than or equal to 256"));
        }
    }

    @Test
    void sequence_number_for_ordering_is_accepted_and_numbers_grow() {
        endpoint.streams.createStream(STREAM, 1);
        try (KinesisClient client = endpoint.client()) {
            String before = "0";
            for (int i = 0; i < 3; i++) {
                String last = before;
                PutRecordResponse put = client.putRecord(request -> request.streamName(STREAM)
                        .partitionKey("k")
                        .data(SdkBytes.fromUtf8String("x"))
                        .sequenceNumberForOrdering(last));
                assertThat(new java.math.BigInteger(put.sequenceNumber()))
                        .isGreaterThan(new java.math.BigInteger(last));
                before = put.sequenceNumber();
            }
        }
    }

    @Test
    void a_stream_is_named_by_its_name_or_its_arn_or_both_if_they_agree() {
        endpoint.streams.createStream(STREAM, 1);
        endpoint.streams.createStream("other", 1);
        String arn = arn();
        PutRecordsRequestEntry entry = entry("k", new byte[1]);
        try (KinesisClient client = endpoint.client()) {
            client.putRecords(
                    request -> request.streamName(STREAM).streamARN(arn).records(entry));
            assertThatThrownBy(() -> client.putRecords(request ->
                            request.streamName("other").streamARN(arn).records(entry)))
                    .satisfies(fails("InvalidArgumentException", "do not name the same stream"));
            assertThatThrownBy(() -> client.putRecords(request -> request.records(entry)))
                    .satisfies(fails("InvalidArgumentException", "Either StreamName or StreamARN must be provided"));
            assertThatThrownBy(() -> client.putRecords(
                            request -> request.streamName("missing").records(entry)))
                    .satisfies(
                            fails("ResourceNotFoundException", "Stream missing under account 000000000000 not found."));
            String foreign = arn.replace("000000000000", "111111111111");
            assertThatThrownBy(() -> client.putRecords(
                            request -> request.streamARN(foreign).records(entry)))
                    .satisfies(fails("ResourceNotFoundException", foreign));
        }
    }

    @Test
    void millis_behind_latest_is_the_age_of_the_last_record_read_while_there_are_more() {
        endpoint.streams.createStream(STREAM, 1);
        try (KinesisClient client = endpoint.client()) {
            for (int i = 0; i < 2; i++) {
                client.putRecords(request -> request.streamName(STREAM).records(entry("k", new byte[1])));
                endpoint.clock.advance(Duration.ofSeconds(10));
            }
            String iterator = iterator(client, ShardIteratorType.TRIM_HORIZON);
            GetRecordsResponse first =
                    client.getRecords(request -> request.shardIterator(iterator).limit(1));
            assertThat(first.millisBehindLatest()).isEqualTo(20_000);
            assertThat(client.getRecords(request -> request.shardIterator(first.nextShardIterator()))
                            .millisBehindLatest())
                    .isZero();
        }
    }
}
