package io.shardmill.kafka;

import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.runtime.NotInvokedException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Writes a record for each that was given up, into a topic of the same cluster. Of a batch that is not written as a whole for a reason
 * that can pass, only the rest is written the next time, as long as this process has it. Thread-safe.
 */
final class TopicDestination implements OnFailureDestination {

    /**
     * The engine interrupts a send after 10 s: it ends before that, so that its error says why. The last record may wait two seconds
     * more to be sent.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(7);

    /** Those that nobody sends again are forgotten, such as of a mapping that was stopped. */
    private static final int MAX_UNFINISHED = 100;

    private final String topic;
    private final Map<String, SourceTopic> sources;

    /** Batches of which a part is written, by their request ids. */
    private final Map<String, WriteProgress> unfinished = Collections.synchronizedMap(new LinkedHashMap<>() {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, WriteProgress> eldest) {
            return size() > MAX_UNFINISHED;
        }
    });

    /** @param sources by the stream's name */
    TopicDestination(String topic, Map<String, SourceTopic> sources) {
        this.topic = topic;
        this.sources = sources;
    }

    @Override
    public void requireTakes(String stream) {
        SourceTopic source = sources.get(stream);
        if (source == null) {
            throw new IllegalArgumentException("stream '" + stream
                    + "' is no topic of Kafka, and a topic takes only what was read from another one of its cluster; name another"
                    + " kind of destination, such as file:<path>");
        }
        if (source.name().equals(topic)) {
            throw new IllegalArgumentException(
                    "it is the topic that the mapping reads, which would read again what it gave up; name another topic");
        }
    }

    @Override
    public void send(DiscardedBatch batch) throws NotInvokedException, TopicRefusalException {
        SourceTopic source = Objects.requireNonNull(sources.get(batch.shard().stream()), "requireTakes was called");
        String id = batch.origin().requestId();
        WriteProgress begun = unfinished.remove(id);
        WriteProgress progress = begun == null ? new WriteProgress() : begun;
        try {
            new AcknowledgedWrite(topic, source.producer(), PATIENCE, progress).write(batch.ofEachRecord());
        } catch (NotInvokedException again) {
            if (progress.isBegun()) {
                unfinished.put(id, progress);
            }
            throw again;
        }
    }
}
