package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.Result;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.RealEngine;
import io.shardmill.poller.testkit.ScarceThreads;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine on real threads: spec case 52, field notes 18 and 19. */
class EngineTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final EventSourceMapping ORDERS = EventSourceMapping.of("orders", "orders");

    private final CountDownLatch end = new CountDownLatch(1);
    private final RealEngine world = new RealEngine(8);

    @AfterEach
    void close() {
        end.countDown();
        world.close();
    }

    private void drained() {
        assertThat(world.mappings().awaitDrained(LONG)).isTrue();
    }

    @Test
    void case_52_a_report_that_was_not_asked_for_is_ignored() {
        FakeStream stream = world.stream("orders", 1);
        stream.put("1");
        world.function("orders", batch -> {
            world.remember(batch);
            return Result.failed(batch);
        });
        world.start(ORDERS.with(
                FailureHandling.defaults().withMaximumRetryAttempts(1).withDestination("fake")));
        drained();

        assertThat(world.delivered()).containsExactly("1");
        assertThat(world.discarded()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void case_52_a_report_counts_if_the_mapping_or_the_functions_return_type_asks_for_it(boolean byType) {
        world.stream("orders", 1).put("1");
        RealEngine.Handler fails = batch -> {
            world.remember(batch);
            return Result.failed(batch);
        };
        FailureHandling rules =
                FailureHandling.defaults().withMaximumRetryAttempts(1).withDestination("fake");
        if (byType) {
            world.reportingFunction("orders", fails).start(ORDERS.with(rules));
        } else {
            world.function("orders", fails).start(ORDERS.with(rules.withReportBatchItemFailures()));
        }
        drained();

        assertThat(world.delivered()).containsExactly("1", "1");
        assertThat(world.discarded()).hasSize(1);
    }

    @Test
    void note_18_errors_of_a_handler_are_failed_attempts_and_the_engine_lives_on() {
        List<Error> errors = List.of(
                new OutOfMemoryError("thrown by a test"),
                new NoClassDefFoundError("thrown by a test"),
                new AssertionError("thrown by a test"));
        AtomicInteger attempts = new AtomicInteger();
        FakeStream stream = world.stream("orders", 1);
        stream.put("1");
        world.function("orders", batch -> {
            int attempt = attempts.getAndIncrement();
            if (attempt < errors.size()) {
                throw errors.get(attempt);
            }
            if (attempt == errors.size()) {
                overflow(0);
            }
            return world.remember(batch);
        });
        world.start(ORDERS);
        drained();
        stream.put("2");
        drained();

        assertThat(attempts).hasValue(errors.size() + 3);
        assertThat(world.delivered()).containsExactly("1", "2");
    }

    @Test
    void an_exception_whose_message_can_not_be_had_is_a_failed_attempt_like_others_and_can_be_described() {
        world.stream("orders", 1).put("1");
        world.function("orders", batch -> {
            if (end.getCount() > 0) {
                throw new IllegalStateException() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public String getMessage() {
                        throw new UnsupportedOperationException("thrown by a test");
                    }
                };
            }
            return world.remember(batch);
        });
        world.start(ORDERS);
        await().untilAsserted(() -> {
            var status = world.mappings().describe("orders").get(10, TimeUnit.SECONDS);
            assertThat(status.shards()).isNotEmpty();
            var consumer = status.shards().get(0).consumer();
            assertThat(consumer).as("the shard is consumed").isNotNull();
            assertThat(consumer.lanes().get(0).lastError())
                    .contains("EngineTest")
                    .doesNotContain("thrown by a test");
        });
        end.countDown();
        drained();

        assertThat(world.delivered()).containsExactly("1");
    }

    @Test
    void a_clock_that_is_set_back_holds_up_neither_saves_nor_retries() {
        AtomicLong offset = new AtomicLong();
        InstantSource clock = () -> Instant.now().plusMillis(offset.get());
        AtomicInteger attempts = new AtomicInteger();
        try (RealEngine engine =
                new RealEngine(8, clock, Engine.Customizations.none().workers())) {
            FakeStream stream = engine.stream("orders", 1);
            engine.function("orders", batch -> {
                if (attempts.incrementAndGet() == 2) {
                    offset.addAndGet(-LONG.toMillis());
                    throw new IllegalStateException("thrown by a test");
                }
                return engine.remember(batch);
            });
            engine.start(ORDERS);
            stream.put("1");
            assertThat(engine.mappings().awaitDrained(LONG)).isTrue();
            offset.addAndGet(-10 * LONG.toMillis());
            stream.put("2");
            assertThat(engine.mappings().awaitDrained(LONG.dividedBy(2))).isTrue();

            assertThat(engine.delivered()).containsExactly("1", "2");
        }
    }

    @SuppressWarnings("InfiniteRecursion") // is the point
    private static int overflow(int depth) {
        return overflow(depth + 1) + 1;
    }

    @Test
    void while_the_system_gives_no_more_threads_the_engine_is_slow_and_not_dead() {
        ScarceThreads threads = new ScarceThreads();
        try (RealEngine engine = new RealEngine(8, InstantSource.system(), threads)) {
            FakeStream stream = engine.stream("orders", 3);
            engine.function("orders", engine::remember)
                    .start(ORDERS.with(Batching.defaults().withBatchSize(1).withFactor(10)));
            assertThat(engine.mappings().awaitDrained(LONG)).isTrue();
            threads.setShortage(true);
            for (int count = 0; count < 300; count++) {
                stream.put(stream.shardIds().get(count % 3), "key " + count, "x");
            }
            assertThat(engine.mappings().awaitDrained(LONG)).isTrue();

            assertThat(threads.refusals()).isPositive();
            assertThat(engine.delivered()).hasSize(300);
            assertThat(engine.mappings().describe("orders")).succeedsWithin(LONG);
        }
    }

    @Test
    void note_19_close_leaves_no_thread_behind() {
        Set<Thread> before = threads();
        for (int round = 0; round < 3; round++) {
            try (RealEngine engine = new RealEngine(8)) {
                engine.stream("orders", 10).put("1");
                engine.function("orders", engine::remember).start(ORDERS);
                assertThat(engine.mappings().awaitDrained(LONG)).isTrue();
            }
        }

        await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("shardmill-"))
                .collect(Collectors.toSet());
    }

    @Test
    void a_close_waits_for_the_running_invocation_and_what_it_acknowledged_is_not_delivered_again() throws Exception {
        FakeStream stream = world.stream("orders", 1);
        stream.put("1");
        CountDownLatch running = new CountDownLatch(1);
        world.function("orders", batch -> {
            running.countDown();
            end.await();
            return world.remember(batch);
        });
        world.start(ORDERS);
        running.await();
        Thread closing = new Thread(world::close);
        closing.start();
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        assertThat(world.delivered()).isEmpty();
        end.countDown();
        closing.join();

        assertThat(world.delivered()).containsExactly("1");
    }

    @Test
    void closing_twice_is_harmless() {
        world.close();

        assertThatCode(world::close).doesNotThrowAnyException();
    }
}
