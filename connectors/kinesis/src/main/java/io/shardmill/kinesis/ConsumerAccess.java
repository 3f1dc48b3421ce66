package io.shardmill.kinesis;

import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamUnavailableException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Consumer;
import software.amazon.awssdk.services.kinesis.model.ConsumerDescription;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;

/** Subscribes as a registered consumer. One that is given by its name is registered when it is missing. */
final class ConsumerAccess implements ShardAccess {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerAccess.class);

    private final KinesisStream stream;
    private final KinesisAsyncClient requests;
    private final KinesisAsyncClient subscriptions;
    private final StreamDirectory directory;
    private volatile @Nullable String consumerArn;

    ConsumerAccess(
            KinesisStream stream,
            KinesisAsyncClient requests,
            KinesisAsyncClient subscriptions,
            StreamDirectory directory) {
        this.stream = stream;
        this.requests = requests;
        this.subscriptions = subscriptions;
        this.directory = directory;
    }

    @Override
    public String prepare(String streamArn) {
        Consumer consumer = find(streamArn);
        if (consumer.consumerStatus() == ConsumerStatus.DELETING) {
            throw new StreamNotFoundException("consumer " + consumer.consumerARN()
                    + " is being deregistered; register it again, or leave the stream's 'consumer' out");
        }
        if (consumer.consumerStatus() != ConsumerStatus.ACTIVE) {
            throw new StreamUnavailableException("consumer " + consumer.consumerARN() + " is being registered");
        }
        consumerArn = consumer.consumerARN();
        return consumer.consumerARN();
    }

    private Consumer find(String streamArn) {
        String name = stream.consumer();
        try {
            ConsumerDescription found = directory
                    .answer(() -> requests.describeStreamConsumer(request -> {
                        if (name == null) {
                            request.consumerARN(stream.stream());
                        } else {
                            request.streamARN(streamArn).consumerName(name);
                        }
                    }))
                    .consumerDescription();
            return Consumer.builder()
                    .consumerARN(found.consumerARN())
                    .consumerStatus(found.consumerStatus())
                    .build();
        } catch (StreamNotFoundException missing) {
            if (name == null) {
                throw new StreamNotFoundException(
                        "there is no registered consumer " + stream.stream() + "; register it, and give its new ARN");
            }
            return register(streamArn, name);
        }
    }

    private Consumer register(String streamArn, String name) {
        Consumer registered = directory
                .answer(() -> requests.registerStreamConsumer(
                        request -> request.streamARN(streamArn).consumerName(name)))
                .consumer();
        LOG.info("Registered consumer '{}' of {}; it costs money until it is deregistered", name, streamArn);
        return registered;
    }

    /** Of the consumer as it is registered now: the next of its name has another ARN. */
    @Override
    public Supplier<CompletableFuture<Boolean>> existence() {
        String arn = consumerArn;
        return () -> requests.describeStreamConsumer(request -> request.consumerARN(arn))
                .handle((found, thrown) -> {
                    if (thrown != null && Failure.of(thrown).kind() != Failure.Kind.NOT_FOUND) {
                        throw new CompletionException(thrown);
                    }
                    return thrown == null;
                });
    }

    @Override
    public KinesisReader open(ReadShard read, RecordReading reading, Runnable wake) {
        String arn = Objects.requireNonNull(consumerArn, "the consumer was not prepared");
        return new FanOutReader(read, subscriptions, arn, reading, wake);
    }
}
