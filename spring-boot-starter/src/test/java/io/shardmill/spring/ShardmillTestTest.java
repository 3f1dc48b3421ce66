package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.stream.Position;
import io.shardmill.spring.test.RecordingDestination;
import io.shardmill.spring.test.ShardmillTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ShardmillTest(
        classes = ShardmillTestTest.Application.class,
        properties = {
            "shardmill.data-dir=./target/never-made",
            "shardmill.streams.flights.shards=1",
            "shardmill.streams.orders.kinesis=orders-prod",
            "shardmill.streams.clicks.kafka.topic=clicks-prod",
            "shardmill.mappings.delays.stream=flights",
            "shardmill.mappings.delays.maximum-retry-attempts=0",
            "shardmill.mappings.delays.on-failure=file:./target/never-made/discarded.jsonl"
        })
class ShardmillTestTest {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Consumer<List<Record>> delays() {
            return batch -> {
                throw new IllegalStateException("on purpose");
            };
        }
    }

    @Test
    void a_tests_application_keeps_everything_in_memory_and_its_destination_can_be_looked_at(
            @Autowired StreamWriter writer,
            @Autowired Mappings mappings,
            @Autowired CheckpointStore checkpoints,
            @Autowired RecordingDestination destination) {
        writer.put("flights", PutEntry.of("key", "poison"));
        assertThat(mappings.awaitDrained(Duration.ofSeconds(30))).isTrue();
        assertThat(destination.records()).extracting(Record::text).containsExactly("poison");
        assertThat(destination.batches()).hasSize(1);
        assertThat(checkpoints).isInstanceOf(InMemoryCheckpointStore.class);
        assertThat(Files.exists(Path.of("target/never-made"))).isFalse();
    }

    @Test
    void a_topic_is_an_embedded_stream_in_tests(@Autowired StreamWriter writer, @Autowired EmbeddedStreams streams) {
        writer.put("clicks", PutEntry.of("key", "click"));

        assertThat(streams.read("clicks", "shardId-000000000000", Position.trimHorizon(), 10, 1 << 20)
                        .records())
                .extracting(Record::text)
                .containsExactly("click");
    }

    @Test
    void a_stream_of_kinesis_is_an_embedded_one_in_tests(
            @Autowired StreamWriter writer, @Autowired EmbeddedStreams streams) {
        writer.put("orders", PutEntry.of("key", "tea"));

        assertThat(streams.read("orders", "shardId-000000000000", Position.trimHorizon(), 10, 1 << 20)
                        .records())
                .extracting(Record::text)
                .containsExactly("tea");
    }
}
