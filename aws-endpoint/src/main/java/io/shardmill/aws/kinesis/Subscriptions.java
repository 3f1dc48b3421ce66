package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.MemoryPool;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The subscriptions that run, one for each consumer and shard. Thread-safe. */
final class Subscriptions {

    private static final Duration NO_OTHER_FOR = Duration.ofSeconds(5);
    /** Each holds a thread and a connection. */
    private static final int MOST = 512;

    private final Clock clock;
    private final Map<Key, Entry> entries = new HashMap<>();

    private final int most;
    private final MemoryPool memory;
    private int running;

    /** @param bytes of events that the subscriptions may hold together, and as many again to make and send large ones */
    Subscriptions(Clock clock, long bytes) {
        this.clock = clock;
        this.most = (int) Math.max(1, Math.min(MOST, bytes / Subscription.ENCODED_BYTES));
        this.memory = new MemoryPool(bytes);
    }

    Clock clock() {
        return clock;
    }

    MemoryPool memory() {
        return memory;
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
     * @throws AwsException if that other one began less than five seconds ago, or too many are running, also of those that
     *     were ended and have not stopped sending; nothing has changed then
     */
    synchronized void begin(Key key, Subscription subscription, String name) {
        long now = clock.millis();
        entries.values().removeIf(entry -> entry.isForgotten(now));
        Entry present = entries.get(key);
        if (present != null && now - present.begunMillis() < NO_OTHER_FOR.toMillis()) {
            throw KinesisErrors.inUse("Another active subscription exists for this consumer: " + name);
        }
        if (running >= most) {
            throw KinesisErrors.limitExceeded("There are " + most + " subscriptions already, as many as can be.");
        }
        running++;
        if (present != null && present.running() != null) {
            present.running().end();
        }
        entries.put(key, new Entry(subscription, now));
    }

    /** Once for each that began, when it sends nothing any more. */
    synchronized void ended(Key key, Subscription subscription) {
        running--;
        entries.computeIfPresent(
                key, (same, entry) -> entry.running() == subscription ? new Entry(null, entry.begunMillis()) : entry);
    }
}
