package io.shardmill.aws.kinesis;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The subscriptions that run, one for each consumer and shard. Thread-safe. */
final class Subscriptions {

    private static final Duration NO_OTHER_FOR = Duration.ofSeconds(5);
    /** Each holds a thread and a connection. */
    private static final int MAX_RUNNING = 1_000;

    private final Clock clock;
    private final Map<Key, Entry> entries = new HashMap<>();

    Subscriptions(Clock clock) {
        this.clock = clock;
    }

    record Key(String consumerArn, String shardId) {}

    /** @param running null once it has ended: it still keeps others out until five seconds after its begin */
    private record Entry(@Nullable Subscription running, long begunMillis) {

        boolean isForgotten(long nowMillis) {
            long age = nowMillis - begunMillis;
            return age >= NO_OTHER_FOR.toMillis() && (running == null || age >= Subscription.LIFE.toMillis());
        }
    }

    /**
     * Lets a subscription begin; one that its consumer has of this shard already ends.
     *
     * @param name of what is subscribed to, for a message
     * @throws KinesisException if that other one began less than five seconds ago, or too many are running
     */
    synchronized void begin(Key key, Subscription subscription, String name) {
        long now = clock.millis();
        entries.values().removeIf(entry -> entry.isForgotten(now));
        Entry present = entries.get(key);
        if (present != null && now - present.begunMillis() < NO_OTHER_FOR.toMillis()) {
            throw KinesisException.of(
                    "ResourceInUseException", "Another active subscription exists for this consumer: " + name);
        }
        if (entries.size() >= MAX_RUNNING && present == null) {
            throw KinesisException.of(
                    "LimitExceededException",
                    "There are " + MAX_RUNNING + " subscriptions already, as many as can be.");
        }
        if (present != null && present.running() != null) {
            present.running().end();
        }
        entries.put(key, new Entry(subscription, now));
    }

    synchronized void ended(Key key, Subscription subscription) {
        entries.computeIfPresent(
                key, (same, entry) -> entry.running() == subscription ? new Entry(null, entry.begunMillis()) : entry);
    }
}
