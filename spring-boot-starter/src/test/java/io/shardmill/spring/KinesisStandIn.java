package io.shardmill.spring;

import io.shardmill.embedded.EmbeddedStreams;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Another application that serves its embedded stream {@code orders-prod} in place of AWS. */
final class KinesisStandIn implements AutoCloseable {

    private final ConfigurableApplicationContext server;

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    KinesisStandIn(Path dataDir, int shards) {
        server = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.SERVLET)
                .run(
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--shardmill.data-dir=" + dataDir,
                        "--shardmill.streams.orders-prod.shards=" + shards);
    }

    EmbeddedStreams streams() {
        return server.getBean(EmbeddedStreams.class);
    }

    /** Returns the arguments of an application that uses it. */
    List<String> arguments() {
        return List.of(
                "--shardmill.aws.kinesis.endpoint=http://127.0.0.1:"
                        + server.getEnvironment().getRequiredProperty("local.server.port"),
                "--shardmill.aws.region=us-east-1");
    }

    @Override
    public void close() {
        server.close();
    }
}
