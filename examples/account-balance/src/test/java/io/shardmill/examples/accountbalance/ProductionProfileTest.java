package io.shardmill.examples.accountbalance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** The production profile as it is, but for its database: H2 in memory. There is no Kinesis, and a start doesn't wait for it. */
class ProductionProfileTest {

    private static final String NOBODY = "http://127.0.0.1:1";

    @TempDir
    private Path folder;

    private static int get(ConfigurableApplicationContext application, String path)
            throws IOException, InterruptedException {
        String port = application.getEnvironment().getRequiredProperty("local.server.port");
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void it_starts_on_the_tables_that_flyway_makes_and_answers_its_probes() throws IOException, InterruptedException {
        try (ConfigurableApplicationContext application = new SpringApplicationBuilder(
                        AccountBalanceApplication.class, AnyCredentials.class)
                .profiles("production")
                .run(
                        "--DATABASE_URL=jdbc:h2:mem:production",
                        "--DATABASE_USERNAME=sa",
                        "--DATABASE_PASSWORD=",
                        "--MOVEMENTS_STREAM=movements",
                        "--shardmill.data-dir=" + folder.resolve("data"),
                        "--shardmill.aws.region=eu-west-1",
                        "--shardmill.aws.kinesis.endpoint=" + NOBODY,
                        "--server.address=127.0.0.1",
                        "--server.port=0")) {
            assertThat(application
                            .getBean(JdbcTemplate.class)
                            .queryForList(
                                    "select \"script\" from \"flyway_schema_history\" where \"type\" = 'SQL'",
                                    String.class))
                    .containsExactly("V1__balance.sql", "R__shardmill_tables.sql");
            for (Probe probe : Manifests.read().probes()) {
                assertThat(get(application, probe.getHttpGet().getPath())).isEqualTo(200);
            }
            assertThat(get(application, "/actuator/prometheus")).isEqualTo(200);
            assertThat(get(application, "/actuator/shardmill"))
                    .as("not for others")
                    .isEqualTo(404);
        }
    }
}
