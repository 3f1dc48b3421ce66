package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.control.Mappings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The disk of the application's own H2 file fills; the streams are elsewhere. */
class FullDiskTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void register() {
        FullDisk.register();
        FullDisk.full(false);
    }

    @AfterEach
    void free() {
        FullDisk.full(false);
    }

    private ApplicationContextRunner app() {
        return Apps.in(folder.resolve("data"))
                .withUserConfiguration(Functions.class)
                .withPropertyValues(
                        "spring.datasource.url=jdbc:h2:fulldisk:" + folder.resolve("application")
                                + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0",
                        "spring.datasource.hikari.maximum-pool-size=1",
                        "spring.datasource.hikari.connection-timeout=1000",
                        "shardmill.streams.flights.shards=1",
                        "shardmill.mappings.delays.stream=flights");
    }

    @Configuration(proxyBeanMethods = false)
    static class Functions {

        @Bean
        Deliveries deliveries() {
            return new Deliveries();
        }

        @Bean
        Consumer<List<Record>> delays(Deliveries deliveries) {
            return deliveries::add;
        }
    }

    @Test
    void checkpoints_are_saved_again_as_soon_as_there_is_space() {
        app().run(context -> {
            put(context, "before");
            assertThat(context.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(30)))
                    .isTrue();
            FullDisk.full(true);
            put(context, "meanwhile");
            awaitProblem(context);
            FullDisk.full(false);

            assertThat(context.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(30)))
                    .isTrue();
            assertThat(rows(context))
                    .allSatisfy(row -> assertThat(row.progress().watermark()).isNotNull());
        });
        app().run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(30)))
                    .isTrue();
            assertThat(context.getBean(Deliveries.class).texts()).isEmpty();
        });
    }

    /** It would wait for ten minutes if it waited for the save. */
    @Timeout(120)
    @Test
    void a_stop_on_a_full_disk_leaves_the_last_checkpoints_and_their_records_are_delivered_again() {
        app().withPropertyValues("shardmill.shutdown-timeout=10m").run(context -> {
            put(context, "saved");
            assertThat(context.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(30)))
                    .isTrue();
            FullDisk.full(true);
            put(context, "unsaved");
            awaitProblem(context);
        });
        FullDisk.full(false);
        app().run(context -> {
            assertThat(context.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(30)))
                    .isTrue();
            assertThat(context.getBean(Deliveries.class).texts()).containsExactly("unsaved");
        });
    }

    private static void awaitProblem(AssertableApplicationContext context) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(context.getBean(Mappings.class)
                                .describe("delays")
                                .join()
                                .problem())
                        .contains("checkpoints can't be saved", "No space left on device"));
    }

    private static void put(AssertableApplicationContext context, String text) {
        context.getBean(StreamWriter.class).put("flights", PutEntry.of("key", text));
    }

    private static List<CheckpointRow> rows(AssertableApplicationContext context) {
        CheckpointStore store = context.getBean(CheckpointStore.class);
        return store.mappings("default").stream()
                .flatMap(key -> store.load(key).stream())
                .toList();
    }
}
