package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.search.MeterNotFoundException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.spring.event.BatchDiscarded;
import io.shardmill.spring.event.LaneStuck;
import io.shardmill.spring.event.LaneUnstuck;
import io.shardmill.spring.event.MappingEvent;
import io.shardmill.spring.event.ShardEnded;
import io.shardmill.spring.event.ShardStarted;
import io.shardmill.spring.test.RecordingDestination;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

class ObservabilityTest {

    @TempDir
    private Path folder;

    private final Script script = new Script();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    /** What the function does, and what was seen. */
    static final class Script {

        volatile Function<List<Record>, Result> body = batch -> Result.success();
        final List<MappingEvent> events = new CopyOnWriteArrayList<>();
        final List<Map<String, String>> contexts = new CopyOnWriteArrayList<>();
    }

    @Configuration(proxyBeanMethods = false)
    static class Application {

        @Bean
        Function<List<Record>, Result> delays(Script script) {
            return batch -> {
                script.contexts.add(Map.copyOf(MDC.getCopyOfContextMap()));
                return script.body.apply(batch);
            };
        }

        @Bean
        Consumer<List<Record>> also() {
            return batch -> {};
        }

        @Bean
        RecordingDestination parking() {
            return new RecordingDestination();
        }

        @Bean
        OnFailureDestination closed() {
            return batch -> {
                throw new IllegalStateException("closed on purpose");
            };
        }

        @Bean
        Listener listener(Script script) {
            return new Listener(script);
        }
    }

    record Listener(Script script) {

        @EventListener
        void on(MappingEvent event) {
            script.events.add(event);
        }
    }

    private ApplicationContextRunner app() {
        return Apps.in(folder)
                .withConfiguration(AutoConfigurations.of(
                        ShardmillObservabilityAutoConfiguration.class, ShardmillActuatorAutoConfiguration.class))
                .withUserConfiguration(Application.class)
                .withBean(Script.class, () -> script)
                .withBean(MeterRegistry.class, () -> meters)
                .withPropertyValues(
                        "shardmill.streams.flights.shards=1",
                        "shardmill.mappings.delays.stream=flights",
                        "shardmill.mappings.delays.batch-size=3",
                        "shardmill.mappings.delays.maximum-retry-attempts=0");
    }

    private static void putThree(AssertableApplicationContext context) {
        context.getBean(StreamWriter.class)
                .putAll("flights", List.of(PutEntry.of("k", "1"), PutEntry.of("k", "2"), PutEntry.of("k", "3")));
    }

    private static void drain(AssertableApplicationContext context) {
        assertThat(context.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(30)))
                .isTrue();
    }

    private double count(String name) {
        return meters.get("shardmill." + name)
                .tag("mapping", "delays")
                .counter()
                .count();
    }

    private static Result fails(List<Record> batch) {
        throw new IllegalStateException("on purpose");
    }

    @Test
    void case_101_three_failing_records_whose_destination_takes_them() {
        script.body = ObservabilityTest::fails;
        app().withPropertyValues("shardmill.mappings.delays.on-failure=parking").run(context -> {
            putThree(context);
            drain(context);
            assertThat(count("polled.event.count")).isEqualTo(3);
            assertThat(count("invoked.event.count")).isEqualTo(3);
            assertThat(count("failed.invoke.event.count")).isEqualTo(3);
            assertThat(count("on.failure.destination.delivered.event.count")).isEqualTo(3);
            assertThat(count("dropped.event.count")).isZero();
            assertThat(count("errors")).isEqualTo(count("invocations"));
            assertThat(context.getBean(RecordingDestination.class).records()).hasSize(3);
        });
    }

    @Test
    void gauges_show_how_far_behind_a_mapping_is_and_nothing_of_a_paused_one() {
        script.body = ObservabilityTest::fails;
        app().withPropertyValues("shardmill.mappings.delays.maximum-retry-attempts=-1")
                .run(context -> {
                    putThree(context);
                    await().ignoreException(MeterNotFoundException.class) // until the mapping has started
                            .untilAsserted(
                                    () -> assertThat(gauge("records.behind")).isEqualTo(3));
                    await().untilAsserted(
                                    () -> assertThat(gauge("oldest.record.age")).isPositive());
                    script.body = batch -> Result.success();
                    drain(context);
                    assertThat(gauge("records.behind")).isZero();
                    assertThat(gauge("oldest.record.age")).isZero();
                    context.getBean(Mappings.class).pause("delays").get(30, TimeUnit.SECONDS);
                    assertThat(gauge("records.behind")).isNaN();
                    assertThat(gauge("oldest.record.age")).isNaN();
                    assertThat(gauge("healthy")).isEqualTo(1);
                });
    }

    private double gauge(String name) {
        return meters.get("shardmill." + name).tag("mapping", "delays").gauge().value();
    }

    @Test
    void case_102_a_destination_that_refuses() {
        script.body = ObservabilityTest::fails;
        app().withPropertyValues("shardmill.mappings.delays.on-failure=closed").run(context -> {
            context.getBean(StreamWriter.class).put("flights", PutEntry.of("k", "1"));
            drain(context);
            assertThat(count("dropped.event.count")).isEqualTo(1);
            assertThat(count("on.failure.destination.delivered.event.count")).isZero();
            assertThat(count("destination.delivery.failures")).isEqualTo(1);
            Awaitility.await()
                    .until(() -> script.events.stream()
                            .anyMatch(event -> event instanceof BatchDiscarded discarded
                                    && discarded.fate() == BatchDiscarded.Fate.REFUSED));
        });
    }

    @Test
    void case_103_what_filters_leave_out_is_counted_and_never_invoked() {
        app().withPropertyValues("shardmill.mappings.delays.filters[0]={\"data\":{\"want\":[true]}}")
                .run(context -> {
                    StreamWriter stream = context.getBean(StreamWriter.class);
                    stream.put("flights", PutEntry.of("k", "{\"want\":true}"));
                    drain(context);
                    assertThat(count("filtered.out.event.count")).isZero();
                    stream.put("flights", PutEntry.of("k", "{\"want\":true}"));
                    stream.put("flights", PutEntry.of("k", "{\"want\":false}"));
                    stream.put("flights", PutEntry.of("k", "no JSON"));
                    drain(context);
                    assertThat(count("polled.event.count")).isEqualTo(4);
                    assertThat(count("filtered.out.event.count")).isEqualTo(2);
                    assertThat(count("invoked.event.count")).isEqualTo(2);
                });
    }

    @Test
    void without_filters_nothing_is_said_of_filtered_records() {
        app().run(context -> {
            putThree(context);
            drain(context);
            assertThat(meters.find("shardmill.filtered.out.event.count").meter())
                    .isNull();
        });
    }

    @Test
    void case_104_a_retry_counts_the_same_records_again() {
        CountDownLatch once = new CountDownLatch(1);
        script.body = batch -> {
            if (once.getCount() > 0) {
                once.countDown();
                return fails(batch);
            }
            return Result.success();
        };
        app().withPropertyValues("shardmill.mappings.delays.maximum-retry-attempts=1")
                .run(context -> {
                    context.getBean(StreamWriter.class).put("flights", PutEntry.of("k", "1"));
                    drain(context);
                    assertThat(count("polled.event.count")).isEqualTo(1);
                    assertThat(count("invoked.event.count")).isEqualTo(2);
                    assertThat(count("failed.invoke.event.count")).isEqualTo(1);
                    assertThat(count("invocations")).isEqualTo(2);
                    assertThat(count("errors")).isEqualTo(1);
                    assertThat(meters.get("shardmill.duration").timer().count()).isEqualTo(2);
                    assertThat(meters.get("shardmill.iterator.age").timer().count())
                            .isEqualTo(2);
                });
    }

    @Test
    void a_batch_beyond_the_reserved_concurrency_is_a_throttle_and_no_invocation() {
        app().withPropertyValues("shardmill.functions.delays.reserved-concurrency=0")
                .run(context -> {
                    putThree(context);
                    Awaitility.await()
                            .ignoreException(MeterNotFoundException.class) // until the mapping has started
                            .until(() -> count("throttles") > 0);
                    assertThat(count("invocations")).isZero();
                    assertThat(count("errors")).isZero();
                });
    }

    @Test
    void the_logging_context_says_which_batch_it_is_and_what_a_function_leaves_in_it_is_taken_away() {
        script.body = batch -> {
            MDC.put("left", "behind");
            return Result.success();
        };
        app().run(context -> {
            for (int put = 0; put < 20; put++) {
                context.getBean(StreamWriter.class).put("flights", PutEntry.of("k", "1"));
                drain(context);
            }
            assertThat(script.contexts)
                    .allSatisfy(seen -> assertThat(seen)
                            .containsOnlyKeys("mapping", "function", "shard", "lane", "requestId")
                            .containsEntry("mapping", "delays")
                            .containsEntry("shard", "shardId-000000000000")
                            .containsEntry("lane", "0"));
        });
    }

    @Test
    void an_invocation_is_an_observation() {
        List<Observation.Context> seen = new CopyOnWriteArrayList<>();
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                seen.add(context);
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        script.body = ObservabilityTest::fails;
        app().withBean(ObservationRegistry.class, () -> registry).run(context -> {
            context.getBean(StreamWriter.class).put("flights", PutEntry.of("k", "1"));
            drain(context);
            assertThat(seen).singleElement().satisfies(observation -> {
                assertThat(observation.getName()).isEqualTo("shardmill.invocation");
                assertThat(observation.getLowCardinalityKeyValue("mapping").getValue())
                        .isEqualTo("delays");
                assertThat(observation.getError()).hasMessage("on purpose");
                assertThat(observation.getLowCardinalityKeyValue("errorType").getValue())
                        .isEqualTo("IllegalStateException");
            });
        });
    }

    @Test
    void the_meters_of_a_mapping_go_when_it_is_deleted_and_those_of_others_stay() {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        app().withBean(ObservationRegistry.class, () -> registry).run(context -> {
            Mappings mappings = context.getBean(Mappings.class);
            EventSourceMapping other = EventSourceMapping.of("other", "flights").withFunction("also");
            mappings.create(other, true).settled().get();
            putThree(context);
            drain(context);
            assertThat(metersOf("other"))
                    .contains("shardmill.invocations", "shardmill.duration", "shardmill.invocation");

            mappings.pause("other").get();
            assertThat(metersOf("other")).contains("shardmill.invocations");
            mappings.delete("other").settled().get();
            assertThat(metersOf("other")).isEmpty();
            assertThat(metersOf("delays")).contains("shardmill.invocations");
        });
    }

    @Test
    void a_mapping_whose_name_is_a_uuid_shows_its_function_and_stream_in_metrics_and_its_function_in_health() {
        String uuid = new UUID(1, 1).toString();
        app().run(context -> {
            Mappings mappings = context.getBean(Mappings.class);
            EventSourceMapping mapping = EventSourceMapping.of(uuid, "flights").withFunction("also");
            mappings.create(mapping, true).settled().get();
            putThree(context);
            drain(context);
            assertThat(tagsOf(uuid)).containsExactly(Map.of("mapping", uuid, "function", "also", "stream", "flights"));
            assertThat(health(context.getBean("shardmillHealthIndicator", HealthIndicator.class))
                            .getDetails())
                    .containsKeys("delays", uuid + " (function also)");
        });
    }

    @Test
    void a_mapping_that_gets_another_function_begins_its_metrics_anew_with_it() {
        app().run(context -> {
            Mappings mappings = context.getBean(Mappings.class);
            EventSourceMapping other = EventSourceMapping.of("other", "flights").withFunction("also");
            mappings.create(other, true).settled().get();
            putThree(context);
            drain(context);
            mappings.update("other", known -> known.withFunction("delays"), true)
                    .settled()
                    .get();
            putThree(context);
            drain(context);
            assertThat(tagsOf("other"))
                    .containsExactly(Map.of("mapping", "other", "function", "delays", "stream", "flights"));
            assertThat(meters.get("shardmill.polled.event.count")
                            .tag("mapping", "other")
                            .counter()
                            .count())
                    .isEqualTo(3);
        });
    }

    /** The different tags of a mapping's meters. */
    private Set<Map<String, String>> tagsOf(String mapping) {
        return meters.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> mapping.equals(id.getTag("mapping")))
                .map(id -> id.getTags().stream().collect(Collectors.toMap(Tag::getKey, Tag::getValue)))
                .collect(Collectors.toSet());
    }

    private Set<String> metersOf(String mapping) {
        return meters.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> mapping.equals(id.getTag("mapping")))
                .map(Meter.Id::getName)
                .collect(Collectors.toSet());
    }

    @Test
    void shards_that_start_and_end_are_events() {
        app().run(context -> {
            putThree(context);
            EmbeddedStreams streams = context.getBean(EmbeddedStreams.class);
            streams.splitShard("flights", "shardId-000000000000", BigInteger.ONE.shiftLeft(127));
            Awaitility.await().untilAsserted(() -> {
                assertThat(script.events.stream().filter(ShardStarted.class::isInstance))
                        .extracting(event -> event.shard().id())
                        .containsExactlyInAnyOrder(
                                "shardId-000000000000", "shardId-000000000001", "shardId-000000000002");
                assertThat(script.events.stream().filter(ShardEnded.class::isInstance))
                        .extracting(event -> event.shard().id())
                        .containsExactly("shardId-000000000000");
            });
        });
    }

    @Test
    void a_stuck_lane_is_an_event_and_takes_the_health_down_until_it_returns() {
        CountDownLatch release = new CountDownLatch(1);
        script.body = batch -> {
            boolean released = false;
            while (!released) {
                try {
                    release.await();
                    released = true;
                } catch (InterruptedException ignored) {
                    // what a stuck function does
                }
            }
            return Result.success();
        };
        app().withPropertyValues(
                        "shardmill.functions.delays.timeout=50ms",
                        "shardmill.mappings.delays.maximum-retry-attempts=-1")
                .run(context -> {
                    HealthIndicator health = context.getBean("shardmillHealthIndicator", HealthIndicator.class);
                    assertThat(health(health).getStatus()).isEqualTo(Status.UP);
                    putThree(context);
                    Awaitility.await().until(() -> health(health).getStatus().equals(Status.DOWN));
                    assertThat(health(health).getDetails().toString())
                            .contains("lane 0 is stuck in io.shardmill.spring.ObservabilityTest.");
                    assertThat(gauge("lanes.stuck")).isEqualTo(1);
                    assertThat(gauge("healthy")).isZero();
                    Awaitility.await().until(() -> script.events.stream().anyMatch(LaneStuck.class::isInstance));
                    script.body = batch -> Result.success();
                    release.countDown();
                    Awaitility.await().until(() -> health(health).getStatus().equals(Status.UP));
                    assertThat(gauge("lanes.stuck")).isZero();
                    assertThat(gauge("healthy")).isEqualTo(1);
                    Awaitility.await().until(() -> script.events.stream().anyMatch(LaneUnstuck.class::isInstance));
                });
    }

    private static Health health(HealthIndicator indicator) {
        return indicator.health();
    }

    @Test
    void a_missing_stream_takes_the_health_down_and_a_pause_does_not() {
        app().withPropertyValues("shardmill.mappings.delays.stream=later").run(context -> {
            HealthIndicator health = context.getBean("shardmillHealthIndicator", HealthIndicator.class);
            Awaitility.await().until(() -> health(health).getStatus().equals(Status.DOWN));
            assertThat(health(health).getDetails().toString()).contains("'later'");
            context.getBean(Mappings.class).pause("delays").get();
            context.getBean(EmbeddedStreams.class).createStream("later", 1);
            context.getBean(Mappings.class).resume("delays").get();
            Awaitility.await().until(() -> health(health).getStatus().equals(Status.UP));
            context.getBean(Mappings.class).pause("delays").get();
            assertThat(health(health).getStatus()).isEqualTo(Status.UP);
            assertThat(health(health).getDetails()).containsEntry("delays", "paused");
        });
    }
}
