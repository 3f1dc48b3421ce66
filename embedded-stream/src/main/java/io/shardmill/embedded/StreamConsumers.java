package io.shardmill.embedded;

import io.shardmill.embedded.internal.log.LiveStream;
import io.shardmill.embedded.internal.log.LogThread;
import io.shardmill.embedded.internal.metadata.ConsumerMeta;
import io.shardmill.embedded.internal.metadata.StreamMeta;
import io.shardmill.embedded.model.StreamConsumer;
import io.shardmill.embedded.model.StreamRequestException;
import io.shardmill.embedded.model.Tags;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Registers consumers of streams; deleting a stream deletes them. Thread-safe. Errors are
 * {@link StreamRequestException}s.
 */
public final class StreamConsumers {

    /** Limit for each stream (spec 10.3). */
    public static final int MAX_PER_STREAM = 20;

    private final LiveStreams streams;
    private final LogThread thread;
    private final Clock clock;

    StreamConsumers(LiveStreams streams, LogThread thread, Clock clock) {
        this.streams = streams;
        this.thread = thread;
        this.clock = clock;
    }

    /**
     * Registers a consumer, which can subscribe at once.
     *
     * @param name 1 to 128 letters, digits, {@code _}, {@code .} and {@code -}; no other of this stream's consumers' now
     * @param tags as {@link StreamTags#add} takes them
     */
    public StreamConsumer register(String stream, String name, Map<String, String> tags) {
        if (!StreamMeta.isName(name)) {
            throw StreamRequestException.invalid(
                    "consumer name '" + name + "': must have 1 to 128 letters, digits, '_', '.' or '-'");
        }
        SortedMap<String, String> checked = Tags.checked("consumer " + name, tags);
        return thread.call(() -> register(streams.get(stream), name, checked));
    }

    private StreamConsumer register(LiveStream stream, String name, SortedMap<String, String> tags) throws IOException {
        List<ConsumerMeta> present = stream.meta().consumers();
        if (present.stream().anyMatch(other -> other.name().equals(name))) {
            throw StreamRequestException.inUse("Consumer " + name + " under stream " + stream.name()
                    + " already exists for account " + stream.account() + ".");
        }
        if (present.size() >= MAX_PER_STREAM) {
            throw StreamRequestException.limitExceeded(
                    "stream '" + stream.name() + "' has " + MAX_PER_STREAM + " consumers, as many as it can have");
        }
        ConsumerMeta consumer = new ConsumerMeta(name, clock.millis(), tags);
        streams.change(stream, meta -> meta.with(consumer));
        return infoOf(stream, consumer);
    }

    /** Removes a consumer and ends its reads. */
    public void deregister(String arn) {
        thread.run(() -> {
            ConsumerArn consumer = parsed(arn);
            LiveStream stream = streams.getByArn(consumer.streamArn());
            ConsumerMeta gone = find(stream, consumer);
            streams.change(stream, meta -> meta.withoutConsumer(gone.name()));
            stream.shards().forEach(shard -> shard.log().wakeReaders());
            streams.listeners().changed(stream.name());
        });
    }

    /** Returns the consumer of that ARN, which names one registration. */
    public StreamConsumer describe(String arn) {
        ConsumerArn consumer = parsed(arn);
        LiveStream stream = streams.getByArn(consumer.streamArn());
        return infoOf(stream, find(stream, consumer));
    }

    /** Returns the stream's consumer of that name. */
    public StreamConsumer describe(String stream, String name) {
        return list(stream).stream()
                .filter(consumer -> consumer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> notFound(stream, name));
    }

    /** Returns the stream's consumers, in the order of their registration. */
    public List<StreamConsumer> list(String stream) {
        LiveStream live = streams.get(stream);
        return live.meta().consumers().stream()
                .map(consumer -> infoOf(live, consumer))
                .toList();
    }

    private static ConsumerArn parsed(String arn) {
        ConsumerArn consumer = ConsumerArn.parse(arn);
        if (consumer == null) {
            throw StreamRequestException.invalid(
                    "consumer ARN '" + arn + "': must be a stream's ARN, /consumer/, a name, : and a number");
        }
        return consumer;
    }

    static ConsumerMeta find(LiveStream stream, ConsumerArn arn) {
        return stream.meta().consumers().stream()
                .filter(arn::isOf)
                .findFirst()
                .orElseThrow(() -> notFound(stream.name(), arn.name() + ":" + arn.createdSecond()));
    }

    private static StreamRequestException notFound(String stream, String name) {
        return StreamRequestException.notFound("there is no consumer '" + name + "' of stream '" + stream + "'");
    }

    private static StreamConsumer infoOf(LiveStream stream, ConsumerMeta consumer) {
        return new StreamConsumer(
                consumer.name(),
                new ConsumerArn(stream.arn(), consumer.name(), consumer.createdSecond()).toString(),
                stream.arn(),
                Instant.ofEpochMilli(consumer.createdMillis()),
                consumer.tags());
    }
}
