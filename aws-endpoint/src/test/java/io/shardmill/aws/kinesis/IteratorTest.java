package io.shardmill.aws.kinesis;

import static io.shardmill.aws.kinesis.KinesisEndpoint.SHARD_0;
import static io.shardmill.aws.kinesis.KinesisTesting.STREAM;
import static io.shardmill.aws.kinesis.KinesisTesting.fails;
import static io.shardmill.aws.kinesis.KinesisTesting.iterator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.PutEntry;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** GetShardIterator and GetRecords: where reading begins, goes on, and ends. */
class IteratorTest {

    private final KinesisEndpoint endpoint = new KinesisEndpoint();
    private final KinesisClient client = endpoint.client();
    private final List<String> numbers = new ArrayList<>();
    private final List<Instant> arrivals = new ArrayList<>();

    @BeforeEach
    void putThree() {
        endpoint.streams.createStream(STREAM, 2);
        for (int i = 0; i < 3; i++) {
            endpoint.clock.advance(Duration.ofMillis(1_500));
            arrivals.add(endpoint.clock.instant());
            numbers.add(put(String.valueOf(i)));
        }
    }

    @AfterEach
    void close() {
        client.close();
        endpoint.close();
    }

    /** Into the first shard. */
    private String put(String text) {
        return endpoint.streams
                .put(STREAM, PutEntry.of("k", text).withExplicitHashKey(BigInteger.ZERO))
                .sequenceNumber()
                .toString();
    }

    private List<String> read(KinesisClient reader, Consumer<GetShardIteratorRequest.Builder> from) {
        String iterator = iterator(reader, request -> from.accept(request.shardId(SHARD_0)));
        return texts(reader.getRecords(request -> request.shardIterator(iterator)));
    }

    private static List<String> texts(GetRecordsResponse page) {
        return page.records().stream()
                .map(Record::data)
                .map(data -> data.asUtf8String())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void each_type_of_iterator_begins_where_it_should(Client kind) {
        try (KinesisClient reader = kind.to(endpoint)) {
            assertThat(read(reader, from -> from.shardIteratorType(ShardIteratorType.TRIM_HORIZON)))
                    .containsExactly("0", "1", "2");
            assertThat(read(
                            reader,
                            from -> from.shardIteratorType(ShardIteratorType.AT_SEQUENCE_NUMBER)
                                    .startingSequenceNumber(numbers.get(1))))
                    .containsExactly("1", "2");
            assertThat(read(
                            reader,
                            from -> from.shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                                    .startingSequenceNumber(numbers.get(1))))
                    .containsExactly("2");
            assertThat(read(
                            reader,
                            from -> from.shardIteratorType(ShardIteratorType.AT_TIMESTAMP)
                                    .timestamp(arrivals.get(1))))
                    .containsExactly("1", "2");
            assertThat(read(
                            reader,
                            from -> from.shardIteratorType(ShardIteratorType.AT_TIMESTAMP)
                                    .timestamp(arrivals.get(1).plusMillis(1))))
                    .containsExactly("2");
            assertThat(read(
                            reader,
                            from -> from.shardIteratorType(ShardIteratorType.AT_TIMESTAMP)
                                    .timestamp(Instant.EPOCH)))
                    .containsExactly("0", "1", "2");
            String latest = iterator(reader, ShardIteratorType.LATEST);
            put("3");
            assertThat(texts(reader.getRecords(request -> request.shardIterator(latest))))
                    .containsExactly("3");
        }
    }

    @Test
    void a_shards_starting_sequence_number_is_a_place_in_it() {
        String start = endpoint.streams
                .describe(STREAM)
                .shards()
                .get(0)
                .startingSequenceNumber()
                .toString();
        assertThat(read(
                        client,
                        from -> from.shardIteratorType(ShardIteratorType.AT_SEQUENCE_NUMBER)
                                .startingSequenceNumber(start)))
                .containsExactly("0", "1", "2");
    }

    @Test
    void what_is_no_place_in_the_shard_is_an_invalid_argument() {
        Instant future = endpoint.clock.instant().plusMillis(1);
        refused(
                "timestampInMillis",
                from -> from.shardIteratorType("AT_TIMESTAMP").timestamp(future));
        refused("timestampInMillis", from -> from.shardIteratorType("AT_TIMESTAMP"));
        refused("and no StartingSequenceNumber.", from -> from.shardIteratorType("AT_SEQUENCE_NUMBER"));
        refused("and no StartingSequenceNumber.", from -> from.shardIteratorType("AFTER_SEQUENCE_NUMBER"));
        refused(
                "and also a StartingSequenceNumber.",
                from -> from.shardIteratorType("LATEST").startingSequenceNumber(numbers.get(0)));
        refused(
                "and also a StartingSequenceNumber.",
                from -> from.shardIteratorType("TRIM_HORIZON").startingSequenceNumber(numbers.get(0)));
        refused(
                "Invalid StartingSequenceNumber. It encodes shardId-000000000000, while it was used in a call to a shard"
                        + " with shardId-000000000001",
                from -> from.shardIteratorType("AT_SEQUENCE_NUMBER")
                        .startingSequenceNumber(numbers.get(0))
                        .shardId("shardId-000000000001"));
        for (String number : List.of("0", "1", "9".repeat(129))) {
            refused(
                    "StartingSequenceNumber " + number + " used in GetShardIterator on shard shardId-000000000000 in"
                            + " stream orders under account 000000000000 is invalid",
                    from -> from.shardIteratorType("AFTER_SEQUENCE_NUMBER").startingSequenceNumber(number));
        }
    }

    private void refused(String message, Consumer<GetShardIteratorRequest.Builder> from) {
        assertThatThrownBy(() -> read(client, from)).satisfies(fails("InvalidArgumentException", message));
    }

    @Test
    void what_awss_model_forbids_is_a_validation_exception() {
        assertThatThrownBy(() -> read(
                        client,
                        from -> from.shardIteratorType("NEWEST").shardId("a b").startingSequenceNumber("01")))
                .satisfies(fails("ValidationException", "3 validation errors detected: Value 'a b' at 'shardId'"))
                .satisfies(fails(
                        "ValidationException",
                        "Value 'NEWEST' at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum"
                                + " value set: ["));
        String iterator = iterator(client, ShardIteratorType.LATEST);
        for (int limit : new int[] {0, 10_001}) {
            assertThatThrownBy(() -> client.getRecords(
                            request -> request.shardIterator(iterator).limit(limit)))
                    .satisfies(fails("ValidationException", "Value '" + limit + "' at 'limit'"));
        }
    }

    @Test
    void a_shard_or_a_stream_that_is_not_there_is_not_found() {
        assertThatThrownBy(() ->
                        read(client, from -> from.shardIteratorType("LATEST").shardId("shardId-000000000009")))
                .satisfies(fails(
                        "ResourceNotFoundException",
                        "Shard shardId-000000000009 in stream orders under account 000000000000 does not exist"));
        assertThatThrownBy(() ->
                        read(client, from -> from.shardIteratorType("LATEST").streamName("none")))
                .satisfies(fails("ResourceNotFoundException", "Stream none under account 000000000000 not found."));
    }

    @Test
    void case_107_an_iterator_expires_after_300_seconds() {
        String iterator = iterator(client, ShardIteratorType.TRIM_HORIZON);
        endpoint.clock.advance(Duration.ofMinutes(5));
        GetRecordsResponse page =
                client.getRecords(request -> request.shardIterator(iterator).limit(1));
        endpoint.clock.advance(Duration.ofMillis(1));
        assertThatThrownBy(() -> client.getRecords(request -> request.shardIterator(iterator)))
                .isInstanceOf(ExpiredIteratorException.class)
                .satisfies(fails(
                        "ExpiredIteratorException",
                        "Iterator expired. The iterator was created at time Mon Nov 23 10:00:04 UTC 2026 while right"
                                + " now it is Mon Nov 23 10:05:04 UTC 2026 which is further in the future than the"
                                + " tolerated delay of 300000 milliseconds."));
        assertThat(texts(client.getRecords(request -> request.shardIterator(page.nextShardIterator()))))
                .containsExactly("1", "2");
    }

    @Test
    void an_iterator_is_taken_back_only_as_it_was_given() {
        String good = iterator(client, ShardIteratorType.TRIM_HORIZON);
        List<String> bad = new ArrayList<>(List.of("x", "AAAA", good + "=", good.substring(4), " " + good));
        for (int i = 0; i < good.length(); i++) {
            bad.add(good.substring(0, i) + (good.charAt(i) == 'A' ? 'B' : 'A') + good.substring(i + 1));
        }
        for (String token : bad) {
            assertThatThrownBy(() -> client.getRecords(request -> request.shardIterator(token)))
                    .as(token)
                    .satisfies(fails("InvalidArgumentException", "Invalid ShardIterator."));
        }
    }

    @Test
    void an_iterator_outlives_a_clock_that_is_set_back() {
        String good = iterator(client, ShardIteratorType.TRIM_HORIZON);
        endpoint.clock.advance(Duration.ofSeconds(-1));
        assertThat(texts(client.getRecords(request -> request.shardIterator(good))))
                .hasSize(3);
    }

    @Test
    void a_forged_iterator_is_invalid_whatever_it_holds() {
        for (String fields : List.of(
                "1/s/i/h/",
                "1/s/i/h/T",
                "x/s/i/h/T",
                "/////",
                "1/s/i/h/M",
                "1/s/i/h/A-",
                "1/s/i/h/M9223372036854775807")) {
            CRC32C crc = new CRC32C();
            crc.update(fields.getBytes(StandardCharsets.ISO_8859_1));
            for (String checksum : List.of("", "x", Long.toHexString(crc.getValue()))) {
                String token = Base64.getEncoder()
                        .encodeToString((fields + "/" + checksum).getBytes(StandardCharsets.ISO_8859_1));
                assertThat(endpoint.post("GetRecords", "{\"ShardIterator\":\"" + token + "\"}")
                                .statusCode())
                        .as(fields + "/" + checksum)
                        .isEqualTo(400);
            }
        }
    }

    @Test
    void an_iterator_of_a_deleted_stream_does_not_read_its_successor() {
        String old = iterator(client, ShardIteratorType.TRIM_HORIZON);
        endpoint.streams.deleteStream(STREAM);
        assertThatThrownBy(() -> client.getRecords(request -> request.shardIterator(old)))
                .satisfies(fails("ResourceNotFoundException", "Stream orders under account 000000000000 not found."));
        endpoint.streams.createStream(STREAM, 2);
        put("new");
        assertThatThrownBy(() -> client.getRecords(request -> request.shardIterator(old)))
                .satisfies(fails("InvalidArgumentException", "Invalid ShardIterator."));
    }

    @Test
    void the_largest_page_is_10_mebibytes() {
        for (int i = 0; i < 12; i++) {
            put("x".repeat(1_000_000));
        }
        String iterator = iterator(client, ShardIteratorType.TRIM_HORIZON);
        GetRecordsResponse page = client.getRecords(request -> request.shardIterator(iterator));
        assertThat(page.records()).hasSize(13);
        assertThat(texts(client.getRecords(request -> request.shardIterator(page.nextShardIterator()))))
                .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void case_108_a_closed_shard_is_read_to_its_end_where_its_children_are_listed(Client kind) {
        endpoint.streams.splitShard(STREAM, SHARD_0, BigInteger.TWO.pow(126));
        try (KinesisClient reader = kind.to(endpoint)) {
            List<String> read = new ArrayList<>();
            GetRecordsResponse last = readToEnd(reader, SHARD_0, read);
            assertThat(read).containsExactly("0", "1", "2");
            assertThat(last.millisBehindLatest()).isZero();
            assertThat(last.childShards())
                    .extracting(ChildShard::shardId)
                    .containsExactly("shardId-000000000002", "shardId-000000000003");
            ChildShard upper = last.childShards().get(1);
            assertThat(upper.parentShards()).containsExactly(SHARD_0);
            assertThat(upper.hashKeyRange().startingHashKey())
                    .isEqualTo(BigInteger.TWO.pow(126).toString());
            assertThat(upper.hashKeyRange().endingHashKey())
                    .isEqualTo(BigInteger.TWO.pow(127).subtract(BigInteger.ONE).toString());
        }
    }

    @Test
    void case_108_the_child_of_a_merge_is_listed_at_the_end_of_both_its_parents() {
        endpoint.streams.mergeShards(STREAM, SHARD_0, "shardId-000000000001");
        for (String parent : List.of(SHARD_0, "shardId-000000000001")) {
            GetRecordsResponse last = readToEnd(client, parent, new ArrayList<>());
            assertThat(last.childShards()).singleElement().satisfies(child -> {
                assertThat(child.shardId()).isEqualTo("shardId-000000000002");
                assertThat(child.parentShards()).containsExactly(SHARD_0, "shardId-000000000001");
            });
        }
    }

    private static GetRecordsResponse readToEnd(KinesisClient reader, String shardId, List<String> read) {
        String iterator =
                iterator(reader, request -> request.shardId(shardId).shardIteratorType(ShardIteratorType.TRIM_HORIZON));
        while (true) {
            String from = iterator;
            GetRecordsResponse page = reader.getRecords(request -> request.shardIterator(from));
            read.addAll(texts(page));
            if (page.nextShardIterator() == null) {
                return page;
            }
            assertThat(page.hasChildShards()).isFalse();
            iterator = page.nextShardIterator();
        }
    }
}
