package io.shardmill.kafka;

import static org.awaitility.Awaitility.await;

import io.shardmill.function.Result;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A hand-over whose deadline passes, which takes half a minute. */
class UncleanHandOverTest extends TopicTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Tag("long")
    @Test
    void a_handler_that_does_not_end_is_left_behind_at_the_deadline_and_its_batch_comes_again() {
        broker.createTopic(topic, 4);
        EngineStores database = SharedTopicTest.database();
        Map<String, Semaphore> stuck = new ConcurrentHashMap<>();
        List<String> begun = new CopyOnWriteArrayList<>();
        Map<String, Object> shortInterval = Map.of("max.poll.interval.ms", "4000");
        try (Application a = new Application(topic, database, shortInterval)) {
            a.start(EventSourceMapping.of("orders", topic), batch -> {
                begun.add(batch.get(0).shardId());
                stuck.computeIfAbsent(batch.get(0).shardId(), shard -> new Semaphore(0))
                        .acquire();
                return Result.success();
            });
            put(a, 1, 40);
            await().atMost(PATIENCE).until(() -> begun.size() >= 3);
            try (Application b = new Application(topic, database, shortInterval).start(EventSourceMapping.of("orders", topic))) {
                await().atMost(PATIENCE).until(() -> !b.delivered().isEmpty());
            }
            stuck.values().forEach(Semaphore::release);
        }
    }

}
