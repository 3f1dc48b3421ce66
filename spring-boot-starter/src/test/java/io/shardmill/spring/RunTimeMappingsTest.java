package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.control.ConfiguredMappingException;
import io.shardmill.poller.control.MappingConfiguration.Origin;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.runtime.UnusableFunctionException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Mappings that an application creates while it runs; the guide shows {@link Feeds}. */
class RunTimeMappingsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final Deliveries deliveries = new Deliveries();

    @Configuration(proxyBeanMethods = false)
    static class Application {

        @Bean
        Consumer<List<Record>> store(Deliveries deliveries) {
            return deliveries::add;
        }

        @Bean
        Feeds feeds(Mappings mappings) {
            return new Feeds(mappings);
        }
    }

    private ApplicationContextRunner app() {
        return Apps.in(folder)
                .withBean(Deliveries.class, () -> deliveries)
                .withUserConfiguration(Application.class)
                .withPropertyValues("shardmill.streams.flights.shards=1");
    }

    private static Feeds feeds(AssertableApplicationContext context) {
        return context.getBean(Feeds.class);
    }

    private static Mappings mappings(AssertableApplicationContext context) {
        return context.getBean(Mappings.class);
    }

    private void deliver(AssertableApplicationContext context, String... texts) {
        for (String text : texts) {
            context.getBean(StreamWriter.class).put("flights", PutEntry.of("key", text));
        }
        assertThat(mappings(context).awaitDrained(LONG)).isTrue();
    }

    @Test
    void a_mapping_that_was_created_is_there_after_a_restart_as_it_was_changed_last() {
        app().run(context -> {
            feeds(context).open("flights-feed", "flights");
            deliver(context, "1");
            feeds(context).inSmallerBatches("flights-feed");
            deliver(context, "2", "3");
            assertThat(context.getBean(MappingStore.class).find("default", "flights-feed"))
                    .hasValueSatisfying(kept -> assertThat(kept.lastModified())
                            .isEqualTo(mappings(context).get("flights-feed").lastModified()));
        });
        app().run(context -> {
            assertThat(mappings(context).get("flights-feed").origin()).isEqualTo(Origin.STORED);
            assertThat(mappings(context)
                            .get("flights-feed")
                            .mapping()
                            .batching()
                            .batchSize())
                    .isEqualTo(1);
            deliver(context, "4");
            assertThat(deliveries.texts()).containsExactly("1", "2", "3", "4");
        });
    }

    @Test
    void a_mapping_that_was_deleted_does_not_come_back_and_a_new_one_of_its_name_begins_anew() {
        app().run(context -> {
            feeds(context).open("flights-feed", "flights");
            deliver(context, "1");
            feeds(context).close("flights-feed");
            Awaitility.await().until(() -> mappings(context).names().isEmpty());
        });
        app().run(context -> {
            assertThat(mappings(context).names()).isEmpty();
            feeds(context).open("flights-feed", "flights");
            deliver(context, "2");
            assertThat(deliveries.texts()).containsExactly("1", "1", "2");
        });
    }

    @Test
    void a_configured_mapping_is_changed_where_it_is_configured() {
        app().withPropertyValues("shardmill.mappings.store.stream=flights").run(context -> {
            assertThatThrownBy(() -> feeds(context).close("store"))
                    .isInstanceOf(ConfiguredMappingException.class)
                    .hasMessageContaining("shardmill.mappings.store");
            assertThatThrownBy(() -> feeds(context).inSmallerBatches("store"))
                    .isInstanceOf(ConfiguredMappingException.class)
                    .hasMessageContaining("shardmill.mappings.store");
            assertThat(mappings(context).get("store").origin()).isEqualTo(Origin.CONFIGURED);
        });
    }

    @Test
    void what_can_not_be_created_says_why_and_is_not_kept() {
        app().run(context -> {
            assertThatThrownBy(() -> mappings(context).create(EventSourceMapping.of("nobody", "flights"), true))
                    .isInstanceOf(UnusableFunctionException.class)
                    .hasMessageContaining("'nobody'");
            assertThatThrownBy(() -> feeds(context).open("feed", "no-such-stream"))
                    .hasMessageContaining("no-such-stream");
            assertThat(mappings(context).names()).isEmpty();
        });
        app().run(context -> assertThat(mappings(context).names()).isEmpty());
    }
}
