package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.shardmill.function.PutEntry;
import io.shardmill.function.Record;
import io.shardmill.poller.assignment.Acquisition;
import io.shardmill.poller.control.MappingStatus.ShardActivity;
import io.shardmill.poller.control.Mappings;
import io.shardmill.spring.MappingReport.ShardReport;
import io.shardmill.spring.ReplicasReport.ReplicaReport;
import io.shardmill.spring.ShardmillEndpoint.ReplicaChange;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Several instances of one application on one database server; in place of AWS another application serves its embedded stream, and
 * in place of PostgreSQL there is H2's server.
 */
@Timeout(120)
class SharedStreamTest {

    private static final int SHARDS = 4;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final List<String> DELIVERED = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private Server database;
    private KinesisStandIn kinesis;
    private int instances;

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Consumer<List<Record>> orders() {
            return batch -> batch.forEach(record -> DELIVERED.add(record.text()));
        }

        @Bean
        AwsCredentialsProvider credentials() {
            return AnonymousCredentialsProvider.create();
        }
    }

    @BeforeEach
    void start() throws SQLException {
        DELIVERED.clear();
        database = Server.createTcpServer(
                        "-tcpPort",
                        "0",
                        "-ifNotExists",
                        "-baseDir",
                        folder.resolve("database").toString())
                .start();
        kinesis = new KinesisStandIn(folder.resolve("kinesis"), SHARDS);
    }

    @AfterEach
    void stop() {
        kinesis.close();
        database.stop();
    }

    private ConfigurableApplicationContext instance() {
        List<String> arguments = new ArrayList<>(kinesis.arguments());
        arguments.addAll(List.of(
                "--spring.datasource.url=jdbc:h2:tcp://localhost:" + database.getPort() + "/./shared",
                "--spring.datasource.username=sa",
                "--shardmill.jdbc.initialize-schema=always",
                "--shardmill.data-dir=" + folder.resolve("instance-" + ++instances),
                "--shardmill.streams.orders.kinesis=orders-prod",
                "--shardmill.mappings.orders.stream=orders",
                "--shardmill.mappings.orders.starting-position=TRIM_HORIZON"));
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(arguments.toArray(String[]::new));
    }

    private static Stream<ShardActivity> activities(ConfigurableApplicationContext instance) {
        return instance.getBean(Mappings.class).describe("orders").join().shards().stream()
                .map(shard -> shard.activity());
    }

    private static void awaitConsuming(ConfigurableApplicationContext instance, int shards) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(activities(instance).filter(ShardActivity.CONSUMING::equals))
                        .hasSize(shards));
    }

    private static ShardmillEndpoint endpoint(ConfigurableApplicationContext instance) {
        return new ShardmillEndpoint(instance.getBean(Mappings.class), new DamagedShards(null));
    }

    private static ReplicasReport replicas(ConfigurableApplicationContext instance) {
        return Objects.requireNonNull(endpoint(instance).mappings().replicas());
    }

    private static void awaitSeen(
            ConfigurableApplicationContext by, ConfigurableApplicationContext instance, ReplicaReport as) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(replicas(by).living())
                        .hasSize(2)
                        .containsEntry(replicas(instance).self(), as));
    }

    private static void awaitElsewhere(ConfigurableApplicationContext instance, int shards) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(activities(instance).filter(ShardActivity.CONSUMED_ELSEWHERE::equals))
                        .hasSize(shards));
    }

    private static double count(ConfigurableApplicationContext instance, String meter) {
        return instance.getBean(MeterRegistry.class)
                .get("shardmill.shards." + meter)
                .counter()
                .count();
    }

    private void put(int from, int until) {
        kinesis.streams()
                .putAll(
                        "orders-prod",
                        IntStream.range(from, until)
                                .mapToObj(order -> PutEntry.of("customer-" + order, "order-" + order))
                                .toList());
    }

    private static void awaitDelivered(int until) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(DELIVERED)
                        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, until)
                                .mapToObj(order -> "order-" + order)
                                .toList()));
    }

    @Test
    void instances_share_the_shards_and_take_over_from_one_that_stops() {
        try (ConfigurableApplicationContext one = instance()) {
            awaitConsuming(one, SHARDS);
            put(0, 50);
            try (ConfigurableApplicationContext two = instance()) {
                awaitConsuming(one, SHARDS / 2);
                awaitConsuming(two, SHARDS / 2);
                awaitElsewhere(two, SHARDS / 2);
                put(50, 100);
                awaitDelivered(100);
            }
            awaitConsuming(one, SHARDS);
            put(100, 150);
            awaitDelivered(150);
        }
    }

    @Test
    void an_instance_that_is_drained_leaves_its_shards_to_the_other_one_until_it_is_resumed() {
        try (ConfigurableApplicationContext one = instance();
                ConfigurableApplicationContext two = instance()) {
            awaitConsuming(two, SHARDS / 2);
            awaitSeen(one, two, new ReplicaReport(SHARDS / 2, false));
            put(0, 50);
            ReplicaChange drained = endpoint(two).changeReplica("drain");
            assertThat(drained.done()).isTrue();
            assertThat(drained.message()).isEqualTo("Done");
            awaitConsuming(one, SHARDS);
            put(50, 100);
            awaitDelivered(100);
            awaitElsewhere(two, SHARDS);
            awaitSeen(one, two, new ReplicaReport(0, true));
            awaitSeen(one, one, new ReplicaReport(SHARDS, false));
            assertThat(count(two, "handed.over")).isEqualTo(SHARDS / 2);
            assertThat(count(two, "left.running")).isZero();
            assertThat(endpoint(one).mapping("orders").shards().values().stream()
                            .filter(shard -> replicas(two).self().equals(shard.previousOwner()))
                            .map(ShardReport::acquired))
                    .containsOnly(Acquisition.Kind.HANDED_OVER)
                    .hasSize(SHARDS / 2);

            assertThat(endpoint(one).changeReplica("drain").message()).contains("All replicas are draining");
            assertThat(endpoint(two).changeReplica("resume").done()).isTrue();
            awaitConsuming(two, SHARDS);
        }
    }
}
