package io.shardmill.spring;

import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Tests of an application with a function {@code orders}; in place of AWS another application serves its embedded stream. */
abstract class WithKinesisStandIn {

    static final int ORDERS = 40;
    static final int CUSTOMERS = 7;

    @TempDir
    Path folder;

    KinesisStandIn kinesis;

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Deliveries deliveries() {
            return new Deliveries();
        }

        @Bean
        Consumer<List<Record>> orders(Deliveries deliveries) {
            return deliveries::add;
        }

        @Bean
        AwsCredentialsProvider credentials() {
            return AnonymousCredentialsProvider.create();
        }
    }

    @BeforeEach
    void start() {
        kinesis = new KinesisStandIn(folder.resolve("server"), 2);
    }

    @AfterEach
    void stop() {
        kinesis.close();
    }

    ConfigurableApplicationContext application(String... properties) {
        List<String> arguments = new ArrayList<>(kinesis.arguments());
        arguments.add("--server.port=0");
        arguments.add("--shardmill.data-dir=" + folder.resolve("application"));
        arguments.addAll(Arrays.asList(properties));
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(arguments.toArray(String[]::new));
    }

    /** Returns {@link #ORDERS} orders of customers in turns, numbered from there. */
    static List<PutEntry> entries(int from) {
        return IntStream.range(from, from + ORDERS)
                .mapToObj(order -> PutEntry.of("customer-" + order % CUSTOMERS, Integer.toString(order)))
                .toList();
    }

    static List<String> texts(int from, int until) {
        return IntStream.range(from, until).mapToObj(Integer::toString).toList();
    }
}
