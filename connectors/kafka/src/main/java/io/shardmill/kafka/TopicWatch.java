package io.shardmill.kafka;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a topic was deleted, or made anew under its name: a consumer would go on at its offset in the new one. Touched by one
 * thread.
 */
final class TopicWatch {

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Supplier<KafkaFuture<String>> ids;
    private final String id;
    private final long intervalNanos;
    private long asked = System.nanoTime();
    private @Nullable KafkaFuture<Boolean> answer;

    /** Whether the last answer was that there is no topic: a broker that has just started may say so. */
    private boolean isMissing;

    /**
     * @param ids asks for the topic's id
     * @param id that it had
     */
    TopicWatch(Supplier<KafkaFuture<String>> ids, String id) {
        this(ids, id, INTERVAL);
    }

    /** @param interval between questions; a topic that is missing is looked for again after a fifth of it */
    TopicWatch(Supplier<KafkaFuture<String>> ids, String id, Duration interval) {
        this.ids = ids;
        this.id = id;
        this.intervalNanos = interval.toNanos();
    }

    /** Returns whether it was found out that the topic is not the one any more; asks at times, and never waits. */
    boolean isAnother() {
        if (answer == null && System.nanoTime() - asked >= (isMissing ? intervalNanos / 5 : intervalNanos)) {
            asked = System.nanoTime();
            answer = ids.get().thenApply(found -> !found.equals(id));
        }
        if (answer == null || !answer.isDone()) {
            return false;
        }
        KafkaFuture<Boolean> done = answer;
        answer = null;
        return outcome(done);
    }

    private boolean outcome(KafkaFuture<Boolean> done) {
        boolean wasMissing = isMissing;
        isMissing = false;
        try {
            return done.getNow(false);
        } catch (Exception failure) { // who can't be asked says nothing
            isMissing = failure.getCause() instanceof UnknownTopicOrPartitionException;
            return isMissing && wasMissing;
        }
    }
}
