package io.shardmill.aws.kinesis;

import static io.shardmill.aws.kinesis.ControlPlane.ARN;
import static io.shardmill.aws.kinesis.ControlPlane.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.aws.protocol.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.Consumer;
import software.amazon.awssdk.services.kinesis.model.ConsumerDescription;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.ListStreamConsumersResponse;
import software.amazon.awssdk.services.kinesis.model.ListTagsForStreamResponse;
import software.amazon.awssdk.services.kinesis.model.Tag;

/** Registering consumers and tagging, with the AWS SDK. */
@ParameterizedClass
@EnumSource(Wire.class)
final class ConsumersAndTagsTest {

    private static final String ORDERS = ARN + "orders";

    private final Wire wire;

    @TempDir
    Path folder;

    private ControlPlane plane;
    private KinesisClient client;

    ConsumersAndTagsTest(Wire wire) {
        this.wire = wire;
    }

    @BeforeEach
    void open() {
        plane = new ControlPlane(folder, wire);
        client = plane.client;
        client.createStream(request -> request.streamName("orders").shardCount(1));
    }

    @AfterEach
    void close() {
        plane.close();
    }

    private Consumer register(String name) {
        return client.registerStreamConsumer(
                        request -> request.streamARN(ORDERS).consumerName(name))
                .consumer();
    }

    @Test
    void a_consumer_is_active_at_once_and_described_by_its_arn_or_by_its_name() {
        Consumer billing = register("billing");
        Instant second = Instant.parse("2026-11-23T10:00:00Z");
        assertThat(billing.consumerStatus()).isEqualTo(ConsumerStatus.ACTIVE);
        assertThat(billing.consumerCreationTimestamp()).isEqualTo(second);
        assertThat(billing.consumerARN()).isEqualTo(ORDERS + "/consumer/billing:" + second.getEpochSecond());
        ConsumerDescription byArn = client.describeStreamConsumer(request -> request.consumerARN(billing.consumerARN()))
                .consumerDescription();
        assertThat(byArn.streamARN()).isEqualTo(ORDERS);
        assertThat(byArn.consumerName()).isEqualTo("billing");
        assertThat(client.describeStreamConsumer(
                                request -> request.streamARN(ORDERS).consumerName("billing"))
                        .consumerDescription())
                .isEqualTo(byArn);
    }

    @Test
    void a_name_is_taken_until_it_is_deregistered_by_arn_or_by_name() {
        Consumer first = register("billing");
        assertRefused(
                "ResourceInUseException",
                "Consumer billing under stream orders already exists for account 000000000000.",
                () -> register("billing"));
        client.deregisterStreamConsumer(request -> request.consumerARN(first.consumerARN()));
        plane.clock.advance(Duration.ofSeconds(1));
        register("billing");
        assertRefused(
                "ResourceNotFoundException",
                "Consumer billing:1795428000, account 000000000000 not found.",
                () -> client.describeStreamConsumer(request -> request.consumerARN(first.consumerARN())));
        client.deregisterStreamConsumer(request -> request.streamARN(ORDERS).consumerName("billing"));
        assertRefused(
                "ResourceNotFoundException",
                "Consumer billing, account 000000000000 not found.",
                () -> client.deregisterStreamConsumer(
                        request -> request.streamARN(ORDERS).consumerName("billing")));
        assertRefused(
                "InvalidArgumentException",
                "Either ConsumerARN or both StreamARN and ConsumerName must be provided.",
                () -> client.deregisterStreamConsumer(request -> request.consumerName("billing")));
        assertRefused(
                "ResourceNotFoundException",
                "Stream other under account 000000000000 not found.",
                () -> client.registerStreamConsumer(
                        request -> request.streamARN(ARN + "other").consumerName("x")));
    }

    @Test
    void consumers_are_listed_page_by_page() {
        for (int i = 10; i < 30; i++) {
            register("consumer-" + i);
        }
        assertThat(client
                        .listStreamConsumersPaginator(
                                request -> request.streamARN(ORDERS).maxResults(7))
                        .stream()
                        .flatMap(page -> page.consumers().stream()))
                .extracting(Consumer::consumerName)
                .containsExactlyElementsOf(
                        IntStream.range(10, 30).mapToObj(i -> "consumer-" + i).toList());
        assertThatTheLimitIsTold();
        ListStreamConsumersResponse first =
                client.listStreamConsumers(request -> request.streamARN(ORDERS).maxResults(1));
        plane.clock.advance(Duration.ofMinutes(6));
        assertRefused(
                "ExpiredNextTokenException",
                "The NextToken was issued at 2026-11-23T10:00:00.250Z and is good for 300 seconds.",
                () -> client.listStreamConsumers(
                        request -> request.streamARN(ORDERS).nextToken(first.nextToken())));
    }

    private void assertThatTheLimitIsTold() {
        assertRefused(
                "LimitExceededException",
                "stream 'orders' has 20 consumers, as many as it can have",
                () -> register("one-more"));
    }

    @Test
    void a_stream_with_consumers_is_deleted_only_if_that_is_meant() {
        register("billing");
        assertRefused(
                "ResourceInUseException",
                "Stream orders under account 000000000000 has registered consumers. Deregister them, or set"
                        + " EnforceConsumerDeletion.",
                () -> client.deleteStream(request -> request.streamName("orders")));
        client.deleteStream(request -> request.streamName("orders").enforceConsumerDeletion(true));
        assertThat(client.listStreams().streamNames()).isEmpty();
    }

    @Test
    void tags_of_a_stream_are_the_same_by_name_and_by_arn() {
        client.addTagsToStream(request -> request.streamName("orders").tags(Map.of("a", "1", "b", "")));
        client.tagResource(request -> request.resourceARN(ORDERS).tags(Map.of("c", "\u00e9 3", "a", "2")));
        Tag a = Tag.builder().key("a").value("2").build();
        Tag b = Tag.builder().key("b").value("").build();
        Tag c = Tag.builder().key("c").value("\u00e9 3").build();
        assertThat(client.listTagsForResource(request -> request.resourceARN(ORDERS))
                        .tags())
                .containsExactly(a, b, c);
        ListTagsForStreamResponse page =
                client.listTagsForStream(request -> request.streamName("orders").limit(2));
        assertThat(page.tags()).containsExactly(a, b);
        assertThat(page.hasMoreTags()).isTrue();
        assertThat(client.listTagsForStream(request -> request.streamARN(ORDERS).exclusiveStartTagKey("b"))
                        .tags())
                .containsExactly(c);
        client.removeTagsFromStream(request -> request.streamName("orders").tagKeys("a", "unknown"));
        client.untagResource(request -> request.resourceARN(ORDERS).tagKeys("c"));
        assertThat(client.listTagsForStream(request -> request.streamName("orders"))
                        .tags())
                .containsExactly(b);
    }

    @Test
    void consumers_are_tagged_by_their_arns() {
        String arn = client.registerStreamConsumer(request ->
                        request.streamARN(ORDERS).consumerName("billing").tags(Map.of("a", "1")))
                .consumer()
                .consumerARN();
        client.tagResource(request -> request.resourceARN(arn).tags(Map.of("b", "2")));
        client.untagResource(request -> request.resourceARN(arn).tagKeys("a"));
        assertThat(client.listTagsForResource(request -> request.resourceARN(arn))
                        .tags())
                .containsExactly(Tag.builder().key("b").value("2").build());
        assertThat(client.listTagsForResource(request -> request.resourceARN(ORDERS))
                        .tags())
                .isEmpty();
    }

    @Test
    void tags_that_cant_be_are_refused() {
        Map<String, String> many = IntStream.range(0, 51).boxed().collect(Collectors.toMap(i -> "key-" + i, i -> ""));
        assertRefused(
                "InvalidArgumentException",
                "Failed to add tags to stream orders under account 000000000000 because a given stream cannot have more than"
                        + " 50 tags associated with it.",
                () -> client.addTagsToStream(
                        request -> request.streamName("orders").tags(many)));
        assertRefused(
                "InvalidArgumentException",
                "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / ="
                        + " + - % @.",
                () -> client.addTagsToStream(
                        request -> request.streamName("orders").tags(Map.of("a;b", ""))));
        assertRefused(
                "ValidationException",
                "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be"
                        + " null",
                () -> client.removeTagsFromStream(request -> request.streamName("orders")));
        for (String missing : List.of(ARN + "other", ARN + "orders/consumer/other:1")) {
            String told = missing.endsWith("other")
                    ? "Stream other under account 000000000000 not found."
                    : "Consumer other:1, account 000000000000 not found.";
            assertRefused(
                    "ResourceNotFoundException",
                    told,
                    () -> client.tagResource(
                            request -> request.resourceARN(missing).tags(Map.of("a", "b"))));
        }
        assertThat(client.listTagsForStream(request -> request.streamName("orders"))
                        .tags())
                .isEmpty();
    }
}
