package io.shardmill.kafka;

import java.util.function.Supplier;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a topic was deleted, or made anew under its name: a consumer would go on at its offset in the new one. Touched by one
 * thread.
 */
final class TopicWatch {

    private static final long INTERVAL_NANOS = 5_000_000_000L;

    private final Supplier<KafkaFuture<String>> ids;
    private final String id;
    private long asked = System.nanoTime();
    private @Nullable KafkaFuture<Boolean> answer;

    /**
     * @param ids asks for the topic's id
     * @param id that it had
     */
    TopicWatch(Supplier<KafkaFuture<String>> ids, String id) {
        this.ids = ids;
        this.id = id;
    }

    /** Returns whether it was found out that the topic is not the one any more; asks at times, and never waits. */
    boolean isAnother() {
        if (answer == null && System.nanoTime() - asked >= INTERVAL_NANOS) {
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

    private static boolean outcome(KafkaFuture<Boolean> done) {
        try {
            return done.getNow(false);
        } catch (Exception failure) { // who can't be asked says nothing
            return failure.getCause() instanceof UnknownTopicOrPartitionException;
        }
    }
}
