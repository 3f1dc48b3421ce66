package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.control.Mappings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class EndToEndTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final Deliveries deliveries = new Deliveries();

    /** The two lines that a mapping takes, and the stream to read. */
    private ApplicationContextRunner app() {
        return Apps.in(folder)
                .withBean(Deliveries.class, () -> deliveries)
                .withUserConfiguration(Functions.class)
                .withPropertyValues("shardmill.mappings.delays.stream=flights", "shardmill.streams.flights.shards=2");
    }

    @Configuration(proxyBeanMethods = false)
    static class Functions {

        @Bean
        Function<List<Record>, Result> delays(Deliveries deliveries) {
            return batch -> {
                deliveries.add(batch);
                return Result.success();
            };
        }
    }

    private static void put(AssertableApplicationContext context, int from, int to) {
        context.getBean(StreamWriter.class)
                .putAll(
                        "flights",
                        IntStream.range(from, to)
                                .mapToObj(number -> PutEntry.of("key " + number, "text " + number))
                                .toList());
    }

    private static List<String> texts(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> "text " + number).toList();
    }

    private static void drain(AssertableApplicationContext context) {
        assertThat(context.getBean(Mappings.class).awaitDrained(LONG)).isTrue();
    }

    @Test
    void two_lines_of_configuration_and_a_bean_make_a_mapping() {
        app().run(context -> {
            put(context, 0, 100);
            drain(context);
            assertThat(deliveries.texts()).containsExactlyInAnyOrderElementsOf(texts(0, 100));
        });
    }

    @Test
    void after_a_restart_nothing_comes_twice_and_nothing_is_missing() {
        app().run(context -> {
            put(context, 0, 100);
            drain(context);
            put(context, 100, 150);
        });
        app().run(context -> {
            put(context, 150, 200);
            drain(context);
            assertThat(deliveries.texts()).containsExactlyInAnyOrderElementsOf(texts(0, 200));
        });
    }

    @Test
    void a_context_that_is_stopped_and_started_again_goes_on() {
        app().run(context -> {
            put(context, 0, 10);
            drain(context);
            context.stop();
            put(context, 10, 20);
            context.start();
            drain(context);
            assertThat(deliveries.texts()).containsExactlyInAnyOrderElementsOf(texts(0, 20));
        });
    }

    @Test
    void a_pause_survives_a_restart() throws Exception {
        app().run(context -> {
            put(context, 0, 10);
            drain(context);
            context.getBean(Mappings.class).pause("delays").get();
        });
        app().run(context -> {
            Mappings mappings = context.getBean(Mappings.class);
            put(context, 10, 20);
            Awaitility.await().until(() -> mappings.describe("delays").get().state() == State.DISABLED);
            assertThat(deliveries.texts()).hasSize(10);
            mappings.resume("delays").get();
            drain(context);
            assertThat(deliveries.texts()).containsExactlyInAnyOrderElementsOf(texts(0, 20));
        });
    }

    @Test
    void the_replay_property_delivers_everything_again_at_every_start() {
        app().run(context -> {
            put(context, 0, 10);
            drain(context);
        });
        for (int start = 2; start <= 3; start++) {
            int expected = start * 10;
            app().withPropertyValues("shardmill.replay=TRIM_HORIZON").run(context -> {
                drain(context);
                assertThat(deliveries.texts()).hasSize(expected);
            });
        }
    }

    @Test
    void a_missing_stream_is_waited_for_and_doesnt_hang_the_application() {
        app().withPropertyValues("shardmill.mappings.delays.stream=later").run(context -> {
            Mappings mappings = context.getBean(Mappings.class);
            Awaitility.await().until(() -> mappings.describe("delays").get().problem() != null);
            assertThat(mappings.describe("delays").get().problem()).contains("'later'", "shardmill.streams.later");
            context.getBean(io.shardmill.embedded.EmbeddedStreams.class).createStream("later", 1);
            context.getBean(StreamWriter.class).put("later", PutEntry.of("key", "text 0"));
            Awaitility.await().until(() -> deliveries.texts().equals(texts(0, 1)));
            assertThat(mappings.describe("delays").get().problem()).isNull();
        });
    }

    @Test
    void no_thread_is_left_when_the_application_has_stopped() {
        List<Thread> before = threads();
        app().run(context -> {
            put(context, 0, 100);
            drain(context);
            assertThat(threads())
                    .anyMatch(thread -> !thread.isDaemon() && thread.getName().startsWith("shardmill"));
        });
        Awaitility.await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("shardmill")
                        || thread.getName().contains("H2"))
                .toList();
    }

    @Test
    void an_application_that_cant_start_leaves_no_thread_and_no_lock_behind() {
        List<Thread> before = threads();
        app().withPropertyValues("shardmill.mappings.other.stream=flights")
                .run(context -> assertThat(context).hasFailed());
        Awaitility.await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
        app().run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void an_application_without_mappings_has_no_thread_that_keeps_it_alive() {
        List<Thread> before = threads(); // of an earlier test's application, which ends them after its last checkpoint
        app().withPropertyValues("shardmill.mappings.delays.enabled=false")
                .run(context -> assertThat(threads())
                        .filteredOn(thread -> !before.contains(thread))
                        .isNotEmpty()
                        .allMatch(Thread::isDaemon));
    }

    @Test
    void functions_run_on_virtual_threads_where_there_are_any_and_the_application_wants_them() {
        boolean java21 = Runtime.version().feature() >= 21;
        List<String> groups = new CopyOnWriteArrayList<>();
        app().withPropertyValues("spring.threads.virtual.enabled=true", "shardmill.mappings.groups.stream=flights")
                .withBean("groups", Groups.class, () -> new Groups(groups))
                .run(context -> {
                    put(context, 0, 1);
                    drain(context);
                    // The one group of all virtual threads.
                    assertThat(groups).isNotEmpty().allMatch(name -> name.equals("VirtualThreads") == java21);
                });
    }

    /** Writes down the thread group it runs in. */
    record Groups(List<String> seen) implements Consumer<List<Record>> {
        @Override
        public void accept(List<Record> batch) {
            seen.add(Thread.currentThread().getThreadGroup().getName());
        }
    }

    @Test
    void without_a_data_source_of_the_application_checkpoints_are_in_a_file_of_ours() {
        app().run(context -> {
            put(context, 0, 1);
            drain(context);
            assertThat(Files.exists(folder.resolve("checkpoints.mv.db"))).isTrue();
        });
    }

    @Test
    void the_applications_own_data_source_has_the_checkpoints_too() {
        app().withPropertyValues(
                        "spring.datasource.url=jdbc:h2:retry:" + folder.resolve("app") + ";DB_CLOSE_ON_EXIT=FALSE")
                .run(context -> {
                    put(context, 0, 10);
                    drain(context);
                    assertThat(context.getBean(DataSource.class)).isNotNull();
                    assertThat(Files.exists(folder.resolve("checkpoints.mv.db")))
                            .isFalse();
                    assertThat(context.getBean(CheckpointStore.class).mappings("default"))
                            .hasSize(1);
                });
    }
}
