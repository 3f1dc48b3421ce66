package io.shardmill.kinesis;

import static io.shardmill.kinesis.KinesisFailures.inUse;
import static io.shardmill.kinesis.KinesisFailures.notFound;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.Consumer;
import software.amazon.awssdk.services.kinesis.model.ConsumerDescription;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamConsumerRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamConsumerResponse;
import software.amazon.awssdk.services.kinesis.model.RegisterStreamConsumerRequest;
import software.amazon.awssdk.services.kinesis.model.RegisterStreamConsumerResponse;

/** The consumers of a {@link FakeKinesisServer}'s stream, and their subscriptions. */
final class FakeConsumers {

    private static final long NO_OTHER_FOR = Duration.ofSeconds(5).toMillis();

    private record Registered(String arn, String name, long at) {}

    private record Key(String consumerArn, String shard) {}

    private record Begun(FakeSubscription subscription, long at) {}

    private final InstantSource clock;
    private final FakeKinesisServer.Whims whims;
    private final Map<String, Registered> consumers = new HashMap<>();
    private final Map<Key, Begun> begun = new HashMap<>();

    FakeConsumers(InstantSource clock, FakeKinesisServer.Whims whims) {
        this.clock = clock;
        this.whims = whims;
    }

    /** Deletes the consumers with their stream. */
    void clear() {
        consumers.clear();
        begun.values().forEach(before -> before.subscription().fail(notFound("The stream was deleted.")));
        begun.clear();
    }

    RegisterStreamConsumerResponse register(RegisterStreamConsumerRequest request) {
        if (find(request.consumerName(), null) != null) {
            throw inUse("Consumer " + request.consumerName() + " exists already.");
        }
        long now = clock.millis();
        String arn = request.streamARN() + "/consumer/" + request.consumerName() + ":" + now / 1_000;
        Registered registered = new Registered(arn, request.consumerName(), now);
        consumers.put(arn, registered);
        return RegisterStreamConsumerResponse.builder()
                .consumer(Consumer.builder()
                        .consumerARN(arn)
                        .consumerName(request.consumerName())
                        .consumerStatus(status(registered))
                        .consumerCreationTimestamp(Instant.ofEpochMilli(now))
                        .build())
                .build();
    }

    private @Nullable Registered find(@Nullable String name, @Nullable String arn) {
        return consumers.values().stream()
                .filter(consumer -> arn == null
                        ? consumer.name().equals(name)
                        : consumer.arn().equals(arn))
                .findFirst()
                .orElse(null);
    }

    private Registered require(@Nullable String name, @Nullable String arn) {
        Registered found = find(name, arn);
        if (found == null) {
            throw notFound("Consumer " + (arn == null ? name : arn) + " not found.");
        }
        return found;
    }

    DescribeStreamConsumerResponse describe(DescribeStreamConsumerRequest request) {
        Registered found = require(request.consumerName(), request.consumerARN());
        return DescribeStreamConsumerResponse.builder()
                .consumerDescription(ConsumerDescription.builder()
                        .consumerARN(found.arn())
                        .consumerName(found.name())
                        .consumerStatus(status(found))
                        .consumerCreationTimestamp(Instant.ofEpochMilli(found.at()))
                        .build())
                .build();
    }

    private ConsumerStatus status(Registered consumer) {
        return isActive(consumer) ? ConsumerStatus.ACTIVE : ConsumerStatus.CREATING;
    }

    private boolean isActive(Registered consumer) {
        return clock.millis() - consumer.at() >= whims.registrationMillis();
    }

    /** Lets a subscription begin, unless another has just begun; an older one ends. */
    void begin(String consumerArn, String shard, FakeSubscription subscription) {
        if (!isActive(require(null, consumerArn))) {
            throw inUse("Consumer " + consumerArn + " is being created.");
        }
        Begun before = begun.get(new Key(consumerArn, shard));
        if (before != null && clock.millis() - before.at() < NO_OTHER_FOR) {
            throw inUse("Another active subscription exists for this consumer: " + consumerArn + " and " + shard);
        }
        if (before != null) {
            before.subscription().complete();
        }
        begun.put(new Key(consumerArn, shard), new Begun(subscription, clock.millis()));
    }
}
