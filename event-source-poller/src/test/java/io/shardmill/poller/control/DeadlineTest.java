package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.Result;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.monitoring.ShardStatus.Activity;
import io.shardmill.poller.monitoring.ShardStatus.LaneStatus;
import io.shardmill.poller.testkit.CapturedLog;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.RealEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A deadline is an outcome, not an end; its interrupt only ever reaches the handler. */
class DeadlineTest {

    private static final EventSourceMapping ORDERS = EventSourceMapping.of("orders", "orders");

    private final CountDownLatch end = new CountDownLatch(1);
    private final RealEngine world = new RealEngine(4);

    @AfterEach
    void close() {
        end.countDown();
        world.close();
    }

    @Test
    void a_handler_that_ignores_its_deadline_is_shown_as_stuck_and_its_lane_waits_for_it() {
        world.timeout("orders", Duration.ofMillis(50));
        AtomicInteger attempts = new AtomicInteger();
        world.stream("orders", 1).put("1");
        world.function("orders", batch -> {
            if (attempts.incrementAndGet() == 1) {
                waitThroughInterrupts();
            }
            return world.remember(batch);
        });
        world.start(ORDERS);
        await().until(() -> lane().activity() == Activity.STUCK);
        assertThat(lane().stack()).anyMatch(line -> line.contains("waitThroughInterrupts"));
        assertThat(attempts).hasValue(1);
        end.countDown();
        assertThat(world.mappings().awaitDrained(Duration.ofMinutes(1))).isTrue();

        assertThat(world.delivered()).hasSizeGreaterThan(1).containsOnly("1"); // the first came too late to count
    }

    private LaneStatus lane() {
        return world.mappings()
                .describe("orders")
                .thenApply(status -> {
                    var consumer = status.shards().isEmpty()
                            ? null
                            : status.shards().get(0).consumer();
                    return consumer == null
                            ? new LaneStatus(0, Activity.IDLE, null, 0, 0, null, null, null, null, List.of())
                            : consumer.lanes().get(0);
                })
                .join();
    }

    private void waitThroughInterrupts() {
        boolean over = false;
        while (!over) {
            try {
                end.await();
                over = true;
            } catch (InterruptedException ignored) {
                // a handler that swallows its interrupt
            }
        }
    }

    @Test
    void a_handler_that_obeys_its_deadline_is_one_warning() {
        world.timeout("orders", Duration.ofMillis(50));
        world.stream("orders", 1).put("1");
        AtomicInteger attempts = new AtomicInteger();
        world.function("orders", batch -> {
            if (attempts.incrementAndGet() == 1) {
                end.await();
            }
            return Result.success();
        });
        try (CapturedLog log = new CapturedLog("io.shardmill.mapping")) {
            world.start(ORDERS);
            assertThat(world.mappings().awaitDrained(Duration.ofMinutes(1))).isTrue();

            assertThat(log.lines().stream().filter(line -> !line.startsWith("INFO")))
                    .singleElement()
                    .asString()
                    .startsWith("WARN orders")
                    .contains("timed out after 50 ms");
            assertThat(log.lines()).noneMatch(line -> line.contains("returned"));
        }
    }

    @Test
    void a_stop_says_which_calls_it_waits_for_and_leaves_behind() throws Exception {
        RealEngine stopping = new RealEngine(4, Duration.ofSeconds(3));
        try (CapturedLog log = new CapturedLog("io.shardmill.poller.control")) {
            CountDownLatch running = new CountDownLatch(1);
            stopping.stream("orders", 1).put("1");
            stopping.function("orders", batch -> {
                running.countDown();
                waitThroughInterrupts();
                return Result.success();
            });
            stopping.start(ORDERS);
            assertThat(running.await(1, TimeUnit.MINUTES)).isTrue();
            stopping.close();

            String call = "mapping 'orders' (function 'orders': shardId-000000000000 lane 0 INVOKING)";
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("The stop"))
                    .containsExactly(
                            "INFO The stop waits up to 0.7 s for " + call,
                            "WARN The stop leaves behind, after 2.7 s, " + call
                                    + "; what is not finished will be delivered again");
        }
    }

    @Test
    void a_clean_stop_is_one_line() {
        try (CapturedLog log = new CapturedLog("io.shardmill.poller.control")) {
            world.stream("orders", 1).put("1");
            world.function("orders", world::remember).start(ORDERS);
            assertThat(world.mappings().awaitDrained(Duration.ofMinutes(1))).isTrue();
            world.close();

            assertThat(log.lines().stream().filter(line -> line.contains("Stopped")))
                    .containsExactly("INFO Stopped mappings [orders]");
        }
    }

    @Test
    void an_interrupt_at_the_deadline_reaches_the_handler_and_nothing_of_the_engine() {
        world.timeout("hasty", Duration.ofMillis(20));
        FakeStream stream = world.stream("orders", 10);
        AtomicInteger interrupted = new AtomicInteger();
        AtomicInteger innocent = new AtomicInteger();
        world.function("hasty", batch -> {
            try {
                end.await();
            } catch (InterruptedException deadline) {
                interrupted.incrementAndGet();
                Thread.currentThread().interrupt();
                throw deadline;
            }
            return Result.success();
        });
        world.function("orders", batch -> {
            if (Thread.currentThread().isInterrupted()) {
                innocent.incrementAndGet();
            }
            return world.remember(batch);
        });
        world.start(EventSourceMapping.of("hasty", "orders")
                .with(FailureHandling.defaults().withMaximumRetryAttempts(3)));
        world.start(ORDERS.with(Batching.defaults().withBatchSize(1)));
        for (int count = 0; interrupted.get() < 40; count++) {
            stream.put(stream.shardIds().get(count % 10), "key", "x");
            int put = count + 1;
            await().until(() -> world.delivered().size() >= put);
        }

        assertThat(innocent).hasValue(0);
    }
}
