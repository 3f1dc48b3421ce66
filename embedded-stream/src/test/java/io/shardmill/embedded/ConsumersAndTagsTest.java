package io.shardmill.embedded;

import static io.shardmill.embedded.StreamTesting.SHARD_0;
import static io.shardmill.embedded.StreamTesting.STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.embedded.model.StreamConsumer;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamMode;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.embedded.model.StreamRequestException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a stream has beside shards and records. */
class ConsumersAndTagsTest extends OpenStreams {

    private static final String ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/" + STREAM;
    private static final Instant START = Instant.parse("2026-05-04T03:02:01Z");

    @Test
    void a_consumer_has_an_arn_with_the_second_of_its_registration_and_survives_reopening() {
        streams.createStream(STREAM, 1);
        clock.advance(Duration.ofMillis(1500));
        StreamConsumer billing = streams.consumers().register(STREAM, "billing", Map.of("team", "blue"));
        StreamConsumer audit = streams.consumers().register(STREAM, "audit", Map.of());
        assertThat(billing.arn())
                .isEqualTo(ARN + "/consumer/billing:" + START.plusSeconds(1).getEpochSecond());
        assertThat(billing.streamArn()).isEqualTo(ARN);
        assertThat(billing.created()).isEqualTo(START.plusMillis(1500));
        reopen();
        assertThat(streams.consumers().list(STREAM)).containsExactly(billing, audit);
        assertThat(streams.consumers().describe(billing.arn())).isEqualTo(billing);
        assertThat(streams.consumers().describe(STREAM, "audit")).isEqualTo(audit);
        assertThat(streams.describe(STREAM).consumers()).isEqualTo(2);
    }

    @Test
    void a_consumer_registered_again_is_another_one() {
        streams.createStream(STREAM, 1);
        StreamConsumer first = streams.consumers().register(STREAM, "billing", Map.of());
        assertRejected(
                "ResourceInUseException",
                () -> streams.consumers().register(STREAM, "billing", Map.of()),
                "Consumer billing under stream orders already exists for account 000000000000.");
        streams.consumers().deregister(first.arn());
        clock.advance(Duration.ofSeconds(1));
        StreamConsumer second = streams.consumers().register(STREAM, "billing", Map.of());
        assertThat(streams.consumers().describe(second.arn())).isEqualTo(second);
        assertRejected(
                "ResourceNotFoundException", () -> streams.consumers().describe(first.arn()), "no consumer 'billing:");
        assertRejected("ResourceNotFoundException", () -> streams.consumers().deregister(first.arn()), "no consumer");
    }

    @Test
    void a_stream_has_at_most_20_consumers() {
        streams.createStream(STREAM, 1);
        for (int i = 0; i < 20; i++) {
            streams.consumers().register(STREAM, "consumer-" + i, Map.of());
        }
        assertRejected(
                "LimitExceededException",
                () -> streams.consumers().register(STREAM, "one-more", Map.of()),
                "has 20 consumers");
        assertRejected(
                "InvalidArgumentException", () -> streams.consumers().register(STREAM, "a b", Map.of()), "'a b'");
        assertRejected(
                "ResourceNotFoundException", () -> streams.consumers().register("other", "x", Map.of()), "'other'");
        assertRejected("InvalidArgumentException", () -> streams.consumers().describe(ARN), "must be a stream's ARN");
    }

    @Test
    void a_stream_with_consumers_is_deleted_only_with_them() {
        streams.createStream(STREAM, 1);
        StreamConsumer billing = streams.consumers().register(STREAM, "billing", Map.of());
        assertRejected("ResourceInUseException", () -> streams.deleteStream(STREAM), "has registered consumers");
        streams.deleteStreamAndConsumers(STREAM);
        streams.createStream(STREAM, 1);
        assertThat(streams.consumers().list(STREAM)).isEmpty();
        assertRejected("ResourceNotFoundException", () -> streams.consumers().describe(billing.arn()), "no consumer");
        streams.deleteStream(STREAM);
        assertThat(streams.list()).isEmpty();
    }

    @Test
    void tags_of_streams_and_consumers_survive_reopening() {
        streams.createStream(STREAM, StreamOptions.ofShards(1).withTags(Map.of("team", "blue", "empty", "")));
        String consumer = streams.consumers()
                .register(STREAM, "billing", Map.of("cost centre", "7 = \u00e4\u4e2d"))
                .arn();
        streams.tags().add(ARN, Map.of("team", "red", "a=b c+d", "x/y:z"));
        streams.tags().add(consumer, Map.of("more", "1"));
        reopen();
        assertThat(streams.tags().of(ARN))
                .containsExactlyInAnyOrderEntriesOf(Map.of("team", "red", "empty", "", "a=b c+d", "x/y:z"));
        assertThat(streams.tags().of(consumer))
                .containsExactly(Map.entry("cost centre", "7 = \u00e4\u4e2d"), Map.entry("more", "1"));
        streams.tags().remove(ARN, List.of("team", "unknown", "empty"));
        streams.tags().remove(consumer, List.of("more"));
        reopen();
        assertThat(streams.tags().of(ARN)).containsOnlyKeys("a=b c+d");
        assertThat(streams.tags().of(consumer)).containsOnlyKeys("cost centre");
    }

    @Test
    void tags_that_break_a_rule_change_nothing() {
        streams.createStream(STREAM, 1);
        Map<String, String> fifty = IntStream.range(0, 50).boxed().collect(Collectors.toMap(i -> "key-" + i, i -> "v"));
        streams.tags().add(ARN, fifty);
        streams.tags().add(ARN, Map.of("key-0", "changed"));
        for (Map<String, String> bad : List.of(
                Map.of("one-more", ""),
                Map.of("key-1", "x".repeat(257)),
                Map.of("key-1", "a\nb"),
                Map.of("", "x"),
                Map.of("x".repeat(129), ""))) {
            assertRejected("InvalidArgumentException", () -> streams.tags().add(ARN, bad), "tag");
        }
        assertThat(streams.tags().of(ARN)).hasSize(50).containsEntry("key-1", "v");
        assertRejected(
                "ResourceNotFoundException", () -> streams.tags().of(ARN + "/consumer/missing:1"), "no consumer");
        assertRejected("ResourceNotFoundException", () -> streams.tags().of(ARN + "2"), ARN + "2");
        assertRejected("ResourceNotFoundException", () -> streams.tags().of(STREAM), "with the ARN");
    }

    @Test
    void an_on_demand_stream_has_four_shards_which_are_not_resharded_by_hand_until_it_is_provisioned() {
        StreamInfo info = streams.createStream(STREAM, StreamOptions.onDemand());
        assertThat(info.openShards()).hasSize(4);
        assertThat(info.config().mode()).isEqualTo(StreamMode.ON_DEMAND);
        assertThat(info.config().created()).isEqualTo(START);
        clock.advance(Duration.ofDays(1));
        reopen();
        assertThat(streams.describe(STREAM)).isEqualTo(info);
        assertRejected(
                "ValidationException",
                () -> streams.splitShard(STREAM, SHARD_0, BigInteger.TEN),
                "Stream orders under account 000000000000 is in On-Demand mode.");
        assertRejected(
                "ValidationException",
                () -> streams.mergeShards(STREAM, SHARD_0, "shardId-000000000001"),
                "Stream orders under account 000000000000 is in On-Demand mode.");
        streams.updateMode(STREAM, StreamMode.PROVISIONED);
        reopen();
        streams.splitShard(STREAM, SHARD_0, BigInteger.TEN);
        assertThat(streams.describe(STREAM).openShards()).hasSize(5);
    }

    private static void assertRejected(String code, ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StreamRequestException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(code))
                .hasMessageContaining(message);
    }
}
