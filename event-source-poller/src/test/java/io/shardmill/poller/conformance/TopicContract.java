package io.shardmill.poller.conformance;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.Invocation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the cases of spec chapter 14 are made of, for a topic of any kind. */
public abstract class TopicContract {

    static final FailureHandling RULES = FailureHandling.defaults().withDestination(MappedTopic.DESTINATION);
    static final Batching PAIRS = Batching.defaults().withBatchSize(2);

    /** An invocation, and when it began. */
    record Delivery(Instant begun, Invocation invocation) {

        String digits() {
            return texts(invocation.records());
        }
    }

    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private MappedTopic topic;

    protected abstract MappedTopic newTopic();

    @BeforeEach
    void begin() {
        topic = newTopic();
    }

    @AfterEach
    void end() {
        topic.close();
    }

    final MappedTopic topic() {
        return topic;
    }

    final EventSourceMapping mapping() {
        return topic.mapping();
    }

    /** Puts records of one key into the first partition, which come into being now. */
    final void put(String digits) {
        digits.chars().forEach(digit -> put(0, Character.toString(digit), Duration.ZERO));
    }

    /** Puts a record whose timestamp is so old. */
    final void put(int partition, String text, Duration age) {
        topic.put(partition, "key", text, topic.now().minus(age));
    }

    /** Starts the mapping onto a function whose deliveries are kept. */
    final void start(EventSourceMapping mapping, MappedTopic.Handler handler) {
        topic.start(mapping, invocation -> {
            deliveries.add(new Delivery(topic.now(), invocation));
            return handler.invoke(invocation);
        });
    }

    final void drain() {
        topic.drain();
    }

    final void assertFinished(int partition, long records) {
        topic.assertFinished(partition, records);
    }

    /** Starts the mapping, and waits until all is finished. */
    final void deliver(EventSourceMapping mapping, MappedTopic.Handler handler) {
        start(mapping, handler);
        drain();
    }

    final void deliver(EventSourceMapping mapping) {
        deliver(mapping, succeeding());
    }

    /** Puts records, starts a mapping with these rules, and waits until all is finished. */
    final void deliver(String digits, FailureHandling rules, MappedTopic.Handler handler) {
        put(digits);
        deliver(mapping().with(rules), handler);
    }

    static MappedTopic.Handler succeeding() {
        return invocation -> Answer.of(Result.success());
    }

    static MappedTopic.Handler throwingOn(String digits) {
        return invocation -> {
            if (invocation.records().stream().map(Record::text).anyMatch(digits::contains)) {
                throw new IllegalStateException("bad record");
            }
            return Answer.of(Result.success());
        };
    }

    static MappedTopic.Handler reporting(String digits) {
        return returning(batch -> Result.failed(
                batch.stream().filter(record -> digits.contains(record.text())).toList()));
    }

    static MappedTopic.Handler returning(Function<List<Record>, Result> function) {
        return invocation -> Answer.of(function.apply(invocation.records()));
    }

    static String texts(List<Record> records) {
        return records.stream().map(Record::text).collect(Collectors.joining());
    }

    /** In the order in which they began. */
    final List<Delivery> deliveries() {
        return deliveries;
    }

    /** Each delivery as its texts in a row. */
    final List<String> delivered() {
        return deliveries.stream().map(Delivery::digits).toList();
    }

    final List<DiscardedBatch> discarded() {
        return topic.discarded();
    }

    final List<String> discardedTexts() {
        return discarded().stream().map(batch -> texts(batch.records())).toList();
    }
}
