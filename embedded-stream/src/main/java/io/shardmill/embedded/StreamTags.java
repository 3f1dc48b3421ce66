package io.shardmill.embedded;

import io.shardmill.embedded.internal.log.LiveStream;
import io.shardmill.embedded.internal.log.LogThread;
import io.shardmill.embedded.internal.metadata.ConsumerMeta;
import io.shardmill.embedded.model.Tags;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Tags streams and their consumers, named by ARN. Thread-safe. */
public final class StreamTags {

    private final LiveStreams streams;
    private final LogThread thread;

    StreamTags(LiveStreams streams, LogThread thread) {
        this.streams = streams;
        this.thread = thread;
    }

    /**
     * Returns the tags of a stream or a consumer.
     *
     * @throws StreamRequestException if there is no such stream or consumer
     */
    public SortedMap<String, String> of(String arn) {
        ConsumerArn consumer = ConsumerArn.parse(arn);
        return consumer == null
                ? streams.getByArn(arn).meta().config().tags()
                : StreamConsumers.find(streams.getByArn(consumer.streamArn()), consumer)
                        .tags();
    }

    /**
     * Adds tags, or changes their values; all of them or none.
     *
     * @param tags keys of 1 to 128 characters and values of up to 256; at most 50 with those that are there
     */
    public void add(String arn, Map<String, String> tags) {
        change(arn, present -> {
            present.putAll(tags);
            return Tags.checked(resource(arn), present);
        });
    }

    private String resource(String arn) {
        ConsumerArn consumer = ConsumerArn.parse(arn);
        return consumer == null ? streams.getByArn(arn).toString() : "consumer " + consumer.name();
    }

    /**
     * Removes tags; keys that aren't there don't matter.
     *
     * @throws StreamRequestException if no tag can have one of the keys
     */
    public void remove(String arn, Collection<String> keys) {
        Tags.checkCharacters(keys);
        change(arn, present -> {
            present.keySet().removeAll(keys);
            return present;
        });
    }

    private void change(String arn, UnaryOperator<SortedMap<String, String>> change) {
        thread.run(() -> apply(arn, change));
    }

    private void apply(String arn, UnaryOperator<SortedMap<String, String>> change) throws IOException {
        SortedMap<String, String> tags = change.apply(new TreeMap<>(of(arn)));
        ConsumerArn consumer = ConsumerArn.parse(arn);
        if (consumer == null) {
            streams.change(
                    streams.getByArn(arn), meta -> meta.with(meta.config().withTags(tags)));
        } else {
            LiveStream stream = streams.getByArn(consumer.streamArn());
            ConsumerMeta tagged = StreamConsumers.find(stream, consumer).withTags(tags);
            streams.change(stream, meta -> meta.with(tagged));
        }
    }
}
