package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.function.Record;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.control.Mappings;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** While the database hangs, who asks is answered, and hears since when it does. */
class HangingDatabaseTest {

    @TempDir
    private Path folder;

    private final Gate gate = new Gate();

    /** Where calls of the database hang. */
    static final class Gate {

        private volatile CountDownLatch open = new CountDownLatch(0);
        private final CountDownLatch hanging = new CountDownLatch(1);

        void close() {
            open = new CountDownLatch(1);
        }

        void open() {
            open.countDown();
        }

        boolean isClosed() {
            return open.getCount() > 0;
        }

        void pass() {
            if (isClosed()) {
                hanging.countDown();
            }
            try {
                open.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final class HangingDataSource extends DelegatingDataSource {

        private final Gate gate;

        HangingDataSource(DataSource target, Gate gate) {
            super(target);
            this.gate = gate;
        }

        @Override
        public Connection getConnection() throws SQLException {
            gate.pass();
            return super.getConnection();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Application {

        @Bean
        static BeanPostProcessor hanging(Gate gate) {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof DataSource database ? new HangingDataSource(database, gate) : bean;
                }
            };
        }

        @Bean
        Consumer<List<Record>> delays() {
            return batch -> {};
        }
    }

    @AfterEach
    void open() {
        gate.open();
    }

    /** The answer, which must come while the database still hangs. */
    private <T> T answer(Supplier<T> question) {
        T answer = CompletableFuture.supplyAsync(question)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        assertThat(gate.isClosed()).isTrue();
        return answer;
    }

    private static void hang(AssertableApplicationContext context, Gate gate) throws InterruptedException {
        assertThat(context.getBean(Mappings.class).awaitDrained(Duration.ofSeconds(30)))
                .isTrue();
        gate.close();
        context.getBean(EmbeddedStreams.class)
                .splitShard("flights", "shardId-000000000000", BigInteger.ONE.shiftLeft(127));
        assertThat(gate.hanging.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void health_the_endpoint_and_the_mapping_itself_answer() {
        Apps.in(folder)
                .withConfiguration(AutoConfigurations.of(ShardmillActuatorAutoConfiguration.class))
                .withUserConfiguration(Application.class)
                .withBean(Gate.class, () -> gate)
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=shardmill",
                        "spring.datasource.url=jdbc:h2:retry:" + folder.resolve("db") + ";DB_CLOSE_ON_EXIT=FALSE",
                        "shardmill.streams.flights.shards=1",
                        "shardmill.mappings.delays.stream=flights")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    ShardmillEndpoint endpoint = context.getBean(ShardmillEndpoint.class);
                    Mappings mappings = context.getBean(Mappings.class);
                    Instant before = Instant.now();
                    hang(context, gate);

                    assertThat(answer(() -> mappings.get("delays")).state()).isEqualTo(State.ENABLED);
                    assertThat(answer(endpoint::mappings).mappings()).containsOnlyKeys("delays");
                    Awaitility.await()
                            .until(() ->
                                    answer(() -> endpoint.mapping("delays")).storeFailingSince() != null);
                    MappingReport report = answer(() -> endpoint.mapping("delays"));
                    assertThat(report.storeFailingSince()).isBetween(before.minusMillis(1), Instant.now());
                    assertThat(report.asOf()).isBefore(Instant.now());
                    assertThat(report.shards()).isNotEmpty();
                    HealthIndicator indicator = context.getBean("shardmillHealthIndicator", HealthIndicator.class);
                    Health health = answer(indicator::health);
                    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
                    assertThat(health.getDetails().toString()).contains("storeFailingSince", "does not answer");

                    gate.open();
                    Awaitility.await().until(() -> endpoint.mapping("delays").storeFailingSince() == null);
                });
    }
}
