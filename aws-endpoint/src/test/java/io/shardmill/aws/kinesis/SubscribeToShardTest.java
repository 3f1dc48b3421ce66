package io.shardmill.aws.kinesis;

import static io.shardmill.aws.kinesis.KinesisEndpoint.SHARD_0;
import static io.shardmill.aws.kinesis.KinesisTesting.STREAM;
import static io.shardmill.aws.kinesis.KinesisTesting.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.PutEntry;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;

/** Fan-out, as AWS's asynchronous client has it with its default settings: HTTP/2 in plain text. */
class SubscribeToShardTest {

    private final KinesisEndpoint endpoint = new KinesisEndpoint();
    private final KinesisAsyncClient client = endpoint.asyncClient();
    private String consumer = "";

    @BeforeEach
    void register() {
        endpoint.streams.createStream(STREAM, 1);
        consumer = endpoint.streams
                .consumers()
                .register(STREAM, "billing", Map.of())
                .arn();
    }

    @AfterEach
    void close() {
        client.close();
        endpoint.close();
    }

    private Received subscribe(String shardId, Consumer<StartingPosition.Builder> from) {
        return Received.from(
                client,
                request -> request.consumerARN(consumer).shardId(shardId).startingPosition(from));
    }

    private Received subscribe(String type) {
        return subscribe(SHARD_0, from -> from.type(type));
    }

    private String put(String text) {
        return endpoint.streams
                .put(STREAM, PutEntry.of("k", text).withExplicitHashKey(BigInteger.ZERO))
                .sequenceNumber()
                .toString();
    }

    @Test
    void records_are_pushed_as_they_come() {
        String first = put("1");
        Received received = subscribe("TRIM_HORIZON");
        received.awaitTexts("1");
        assertThat(received.lastEvent().continuationSequenceNumber()).isEqualTo(first);
        assertThat(received.lastEvent().millisBehindLatest()).isZero();
        assertThat(received.records().get(0).approximateArrivalTimestamp()).isEqualTo(endpoint.clock.instant());
        put("2");
        received.awaitTexts("1", "2");
        String third = put("3");
        received.awaitTexts("1", "2", "3");
        assertThat(received.lastEvent().continuationSequenceNumber()).isEqualTo(third);
        assertThat(received.isDone()).isFalse();
    }

    @Test
    void each_type_of_starting_position_begins_where_it_should() {
        List<String> numbers = List.of(put("0"), put("1"));
        endpoint.clock.advance(Duration.ofSeconds(10));
        Instant later = endpoint.clock.instant();
        put("2");
        Received latest = subscribe("LATEST");
        latest.awaitBegun();
        assertThat(latest.texts()).isEmpty();
        put("3");
        latest.awaitTexts("3");
        begins(from -> from.type("AT_SEQUENCE_NUMBER").sequenceNumber(numbers.get(1)), "1", "2", "3");
        begins(from -> from.type("AFTER_SEQUENCE_NUMBER").sequenceNumber(numbers.get(1)), "2", "3");
        begins(from -> from.type("AT_TIMESTAMP").timestamp(later), "2", "3");
    }

    private void begins(Consumer<StartingPosition.Builder> from, String... texts) {
        endpoint.clock.advance(Duration.ofSeconds(5));
        subscribe(SHARD_0, from).awaitTexts(texts);
    }

    @Test
    void at_the_end_of_a_closed_shard_the_children_are_listed_and_the_stream_ends() {
        put("1");
        Received parent = subscribe("TRIM_HORIZON");
        parent.awaitTexts("1");
        endpoint.streams.splitShard(STREAM, SHARD_0, BigInteger.TWO.pow(127));
        put("2");
        parent.awaitDone();
        assertThat(parent.failure()).isNull();
        SubscribeToShardEvent end = parent.lastEvent();
        assertThat(end.continuationSequenceNumber()).isNull();
        assertThat(end.childShards())
                .extracting(ChildShard::shardId)
                .containsExactly("shardId-000000000001", "shardId-000000000002");
        assertThat(end.childShards().get(0).parentShards()).containsExactly(SHARD_0);
        subscribe("shardId-000000000001", from -> from.type("TRIM_HORIZON")).awaitTexts("2");
    }

    @Test
    void a_subscription_ends_after_five_minutes() {
        Received received = subscribe("LATEST");
        received.awaitBegun();
        endpoint.clock.advance(Duration.ofMinutes(5).minusMillis(1));
        put("1");
        received.awaitTexts("1");
        endpoint.clock.advance(Duration.ofMillis(1));
        put("2");
        received.awaitDone();
        assertThat(received.failure()).isNull();
        assertThat(received.texts()).containsExactly("1");
        subscribe(
                        SHARD_0,
                        from -> from.type("AFTER_SEQUENCE_NUMBER")
                                .sequenceNumber(received.lastEvent().continuationSequenceNumber()))
                .awaitTexts("2");
    }

    @Test
    void another_subscription_of_the_same_consumer_is_refused_for_five_seconds_and_then_takes_over() {
        Received first = subscribe("LATEST");
        first.awaitBegun();
        Received tooSoon = subscribe("LATEST");
        tooSoon.awaitDone();
        assertThat(tooSoon.failure())
                .satisfies(fails(
                        "ResourceInUseException",
                        "Another active subscription exists for this consumer:"
                                + " 000000000000:orders:shardId-000000000000:billing"));
        assertThat(first.isDone()).isFalse();
        endpoint.clock.advance(Duration.ofSeconds(5));
        Received second = subscribe("LATEST");
        second.awaitBegun();
        first.awaitDone();
        put("1");
        second.awaitTexts("1");
        assertThat(first.texts()).isEmpty();
    }

    @Test
    void two_consumers_read_the_same_shard_side_by_side() {
        String other =
                endpoint.streams.consumers().register(STREAM, "audit", Map.of()).arn();
        Received billing = subscribe("TRIM_HORIZON");
        Received audit = Received.from(
                client,
                request -> request.consumerARN(other)
                        .shardId(SHARD_0)
                        .startingPosition(from -> from.type("TRIM_HORIZON")));
        put("1");
        billing.awaitTexts("1");
        audit.awaitTexts("1");
    }

    @Test
    void a_deleted_stream_ends_its_subscriptions_with_an_error() {
        Received received = subscribe("LATEST");
        received.awaitBegun();
        endpoint.streams.deleteStreamAndConsumers(STREAM);
        received.awaitDone();
        assertThat(received.failure())
                .hasMessageContaining("Stream orders under account 000000000000 not found.")
                .isInstanceOf(software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException.class);
    }

    @Test
    void a_deregistered_consumers_subscriptions_end_with_an_error_and_others_go_on() {
        String other =
                endpoint.streams.consumers().register(STREAM, "audit", Map.of()).arn();
        Received audit = Received.from(
                client,
                request -> request.consumerARN(other)
                        .shardId(SHARD_0)
                        .startingPosition(from -> from.type("TRIM_HORIZON")));
        Received received = subscribe("LATEST");
        received.awaitBegun();
        audit.awaitBegun();
        endpoint.streams.consumers().deregister(consumer);
        refused("ResourceNotFoundException", "Consumer billing:", received);
        put("1");
        audit.awaitTexts("1");
        assertThat(received.texts()).isEmpty();
    }

    @Test
    void one_without_records_to_begin_with_says_so_before_it_has_to_show_that_it_lives() {
        Received received = subscribe("LATEST");
        await().atMost(Duration.ofSeconds(4)).until(() -> received.events().size() == 1);
        assertThat(received.lastEvent().millisBehindLatest()).isZero();
    }

    @Test
    void while_nothing_comes_empty_events_show_that_the_subscription_lives() {
        String last = put("1");
        Received received = subscribe("LATEST");
        await().atMost(Duration.ofSeconds(60)).until(() -> received.events().size() == 2);
        assertThat(received.records()).isEmpty();
        assertThat(received.lastEvent().continuationSequenceNumber()).isEqualTo(last);
        assertThat(received.lastEvent().millisBehindLatest()).isZero();
    }

    @Test
    void an_event_holds_up_to_256_kibibytes_or_one_record() {
        endpoint.streams.updateMaxRecordBytes(STREAM, 4 << 20);
        for (int size : new int[] {128 << 10, 128 << 10, 1, 3 << 20}) {
            put("x".repeat(size));
        }
        Received received = subscribe("TRIM_HORIZON");
        await().until(() -> received.records().size() == 4);
        assertThat(received.events())
                .extracting(event -> event.records().size())
                .containsExactly(2, 1, 1);
        assertThat(received.events().get(0).millisBehindLatest()).isZero();
    }

    @Test
    void what_cannot_be_subscribed_to_is_an_error_before_anything_is_sent() {
        refused(
                "ResourceNotFoundException",
                "does not exist",
                subscribe("shardId-000000000007", at -> at.type("LATEST")));
        refused("ValidationException", "startingPosition.type", subscribe("NEWEST"));
        refused("InvalidArgumentException", "and no StartingSequenceNumber", subscribe("AT_SEQUENCE_NUMBER"));
        refused("InvalidArgumentException", "timestampInMillis", subscribe("AT_TIMESTAMP"));
        String gone = consumer;
        endpoint.streams.consumers().deregister(gone);
        refused("ResourceNotFoundException", "billing", subscribe("LATEST"));
        consumer = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";
        refused("ValidationException", "'consumerARN' failed to satisfy constraint", subscribe("LATEST"));
    }

    private static void refused(String errorCode, String message, Received received) {
        received.awaitDone();
        assertThat(received.failure()).satisfies(fails(errorCode, message));
    }
}
