package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.Record;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** On-failure destinations that are refused at the start; nobody is asked. */
@Timeout(120)
class KafkaDestinationsTest {

    @TempDir
    private Path folder;

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Consumer<List<Record>> failing() {
            return batch -> {
                throw new IllegalStateException("failing");
            };
        }
    }

    private ConfigurableApplicationContext application(String... properties) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--spring.kafka.bootstrap-servers=localhost:1");
        arguments.add("--shardmill.data-dir=" + folder.resolve("application"));
        arguments.addAll(Arrays.asList(properties));
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(arguments.toArray(String[]::new));
    }

    @Test
    void a_topic_that_can_not_be_the_destination_is_refused_by_the_name_of_the_property() {
        assertThatThrownBy(() -> application(
                        "--shardmill.streams.orders.shards=1",
                        "--shardmill.mappings.failing.stream=orders",
                        "--shardmill.mappings.failing.on-failure=kafka://orders-failed"))
                .hasStackTraceContaining("shardmill.mappings.failing.on-failure: 'kafka://orders-failed' can't be used:"
                        + " stream 'orders' is no topic of Kafka");
        assertThatThrownBy(() -> application(
                        "--shardmill.streams.orders.kafka.topic=orders-prod",
                        "--shardmill.mappings.failing.stream=orders",
                        "--shardmill.mappings.failing.on-failure=kafka://orders-prod"))
                .hasStackTraceContaining("shardmill.mappings.failing.on-failure: 'kafka://orders-prod' can't be used:"
                        + " it is the topic that the mapping reads, which would read again what it gave up;"
                        + " name another topic");
        assertThatThrownBy(() -> application(
                        "--shardmill.mappings.failing.topic=orders",
                        "--shardmill.mappings.failing.on-failure=kafka://localhost:9092/failed"))
                .hasStackTraceContaining(
                        "shardmill.mappings.failing.on-failure: 'kafka://localhost:9092/failed' can't be"
                                + " used: the topic 'localhost:9092/failed' must be 1 to 249 letters");
    }
}
