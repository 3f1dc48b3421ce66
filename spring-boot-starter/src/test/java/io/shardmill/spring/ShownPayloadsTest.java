package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.monitoring.ShardStatus;
import io.shardmill.poller.monitoring.ShardStatus.LaneStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Log and endpoint say why a batch fails; with a switch, what it was about. */
@ExtendWith(OutputCaptureExtension.class)
class ShownPayloadsTest {

    private static final String SECRET = "alice@example.org";

    @TempDir
    private Path folder;

    record Order(int amount) {}

    @Configuration(proxyBeanMethods = false)
    static class Functions {

        @Bean
        Consumer<List<Record>> throwing() {
            return batch -> {
                throw new IllegalStateException(batch.get(0).text());
            };
        }

        @Bean
        Function<List<Record>, Result> reporting() {
            return batch -> Result.failedFrom(
                    batch.get(0), new IllegalArgumentException(batch.get(0).text()));
        }

        @Bean
        Function<List<Order>, Result> typed() {
            return orders -> Result.success();
        }
    }

    private ApplicationContextRunner app(String function) {
        return Apps.in(folder)
                .withUserConfiguration(Functions.class)
                .withPropertyValues(
                        "shardmill.streams.orders.shards=1", "shardmill.mappings." + function + ".stream=orders");
    }

    private static String lastError(ApplicationContext context, String mapping, String put) {
        context.getBean(StreamWriter.class).put("orders", PutEntry.of("key", put));
        await().atMost(Duration.ofMinutes(1)).until(() -> lastError(context, mapping) != null);
        return Objects.requireNonNull(lastError(context, mapping));
    }

    private static @Nullable String lastError(ApplicationContext context, String mapping) {
        return context.getBean(Mappings.class).describe(mapping).join().shards().stream()
                .flatMap(shard -> {
                    ShardStatus consumer = shard.consumer();
                    return consumer == null ? List.<LaneStatus>of().stream() : consumer.lanes().stream();
                })
                .map(LaneStatus::lastError)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @Test
    void what_a_function_throws_is_shown_by_class_and_line_and_not_by_its_message(CapturedOutput output) {
        app("throwing").run(context -> {
            assertThat(lastError(context, "throwing", SECRET))
                    .startsWith("java.lang.IllegalStateException at io.shardmill.spring.ShownPayloadsTest$Functions.")
                    .contains("ShownPayloadsTest.java:");
            assertThat(output).contains("java.lang.IllegalStateException at").doesNotContain(SECRET);
        });
    }

    @Test
    void a_report_shows_its_cause(CapturedOutput output) {
        app("reporting").run(context -> {
            assertThat(lastError(context, "reporting", SECRET))
                    .startsWith("reported batch item failures from record 0: java.lang.IllegalArgumentException at ");
            assertThat(output)
                    .contains("from record 0: java.lang.IllegalArgumentException at")
                    .doesNotContain(SECRET);
        });
    }

    @Test
    void a_typed_record_that_cant_be_read_is_shown_by_its_json_path_and_type(CapturedOutput output) {
        app("typed").run(context -> {
            assertThat(lastError(context, "typed", "{\"amount\": \"" + SECRET + "\"}"))
                    .contains("can't be read as " + Order.class.getName(), "line 1", "[\"amount\"]");
            assertThat(output)
                    .contains("can't be read as " + Order.class.getName())
                    .doesNotContain(SECRET);
        });
    }

    @Test
    void messages_are_shown_if_that_is_asked_for(CapturedOutput output) {
        app("throwing").withPropertyValues("shardmill.show-payloads=true").run(context -> {
            assertThat(lastError(context, "throwing", SECRET))
                    .startsWith("java.lang.IllegalStateException: " + SECRET + " at ");
            assertThat(output).contains(SECRET);
        });
    }
}
