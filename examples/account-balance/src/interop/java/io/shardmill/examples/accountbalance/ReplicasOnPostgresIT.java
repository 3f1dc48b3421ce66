package io.shardmill.examples.accountbalance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** Replicas with the production profile on PostgreSQL. In place of AWS another application serves its embedded stream. */
@ExtendWith(OutputCaptureExtension.class)
class ReplicasOnPostgresIT {

    private static final String OWNERS = "select distinct owner from shardmill_checkpoint where owner is not null";

    @TempDir
    private static Path folder;

    private static EmbeddedPostgres postgres;
    private static ConfigurableApplicationContext kinesis;

    @EnableAutoConfiguration // and nothing that the replicas' own scan would find
    static class Kinesis {}

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.start();
        kinesis = new SpringApplicationBuilder(Kinesis.class)
                .run(
                        "--spring.config.location=" + folder.toUri(), // and not the example's, which is empty there
                        "--spring.flyway.enabled=false",
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--shardmill.data-dir=" + folder.resolve("kinesis"),
                        "--shardmill.streams.movements.shards=4");
    }

    @AfterAll
    static void stop() throws IOException {
        kinesis.close();
        postgres.close();
    }

    private static ConfigurableApplicationContext replica(String name, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--DATABASE_URL=" + postgres.getJdbcUrl("postgres", "postgres"),
                "--DATABASE_USERNAME=postgres",
                "--DATABASE_PASSWORD=",
                "--MOVEMENTS_STREAM=movements",
                "--shardmill.data-dir=" + folder.resolve(name),
                "--shardmill.aws.region=us-east-1",
                "--shardmill.aws.kinesis.endpoint=http://127.0.0.1:"
                        + kinesis.getEnvironment().getRequiredProperty("local.server.port"),
                "--server.address=127.0.0.1",
                "--server.port=0"));
        arguments.addAll(List.of(more));
        return new SpringApplicationBuilder(AccountBalanceApplication.class, AnyCredentials.class)
                .profiles("production")
                .run(arguments.toArray(String[]::new));
    }

    private static void awaitOwners(JdbcTemplate database, int count) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> database.queryForList(OWNERS, String.class).size() == count);
    }

    @Test
    void replicas_that_join_and_stop_cleanly_add_every_movement_once(CapturedOutput output) {
        try (ConfigurableApplicationContext one = replica("one")) {
            JdbcTemplate database = one.getBean(JdbcTemplate.class);
            try (ConfigurableApplicationContext two = replica("two", "--movements=5000", "--seed=1")) {
                assertThat(output).contains("RESULT seed=1 movements=5000 added=5000 accounts=100 wrong=0");
                awaitOwners(database, 2);
                assertThat(two.isRunning()).isTrue();
            }
            awaitOwners(database, 1);
        }
    }
}
