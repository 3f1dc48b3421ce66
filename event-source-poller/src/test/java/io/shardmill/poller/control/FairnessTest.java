package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.Result;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.RealEngine;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Nobody starves on real threads: field note 11. */
class FairnessTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final EventSourceMapping ORDERS = EventSourceMapping.of("orders", "orders");

    @Test
    void note_11_five_hundred_blocked_handlers_of_one_mapping_do_not_delay_anothers() {
        try (RealEngine world = new RealEngine(500)) {
            AtomicInteger blocked = new AtomicInteger();
            CountDownLatch end = new CountDownLatch(1);
            FakeStream orders = world.stream("orders", 600);
            orders.shardIds().forEach(shard -> orders.put(shard, "key", "blocked"));
            FakeStream clicks = world.stream("clicks", 10);
            world.function("orders", batch -> {
                blocked.incrementAndGet();
                end.await();
                return Result.success();
            });
            world.function("clicks", world::remember);
            world.start(ORDERS);
            await().atMost(LONG).until(() -> blocked.get() == 500);
            world.start(EventSourceMapping.of("clicks", "clicks"));
            clicks.shardIds().forEach(shard -> clicks.put(shard, "key", "x"));
            await().atMost(LONG).until(() -> world.delivered().size() == 10);

            assertThat(blocked).hasValue(500);
            end.countDown();
        }
    }

    @Test
    void a_thousand_shards_that_are_always_busy_all_get_on_with_four_invocations_at_once() {
        try (RealEngine world = new RealEngine(4)) {
            FakeStream stream = world.stream("orders", 1_000);
            Map<String, Integer> deliveries = new ConcurrentHashMap<>();
            AtomicInteger running = new AtomicInteger();
            AtomicInteger mostRunning = new AtomicInteger();
            world.function("orders", batch -> {
                mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
                String shard = batch.get(0).shardId();
                deliveries.merge(shard, 1, Integer::sum);
                stream.put(shard, "key", "there is always another");
                running.decrementAndGet();
                return Result.success();
            });
            stream.shardIds().forEach(shard -> stream.put(shard, "key", "first"));
            world.start(ORDERS.with(Batching.defaults().withBatchSize(1)));

            await().atMost(LONG)
                    .until(() -> deliveries.size() == 1_000
                            && deliveries.values().stream().allMatch(count -> count >= 5));
            assertThat(mostRunning).hasValueLessThanOrEqualTo(4);
        }
    }
}
