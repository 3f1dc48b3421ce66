package io.shardmill.server;

import java.net.InetAddress;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Runs what its configuration says: streams, functions with their code, and mappings between them. */
@SpringBootApplication
public class ShardmillServer {

    /** What a connection takes of the heap while its request is being read: measured, with some to spare. */
    private static final long CONNECTION_BYTES = 64 << 10;

    private static final long MOST_CONNECTIONS = 16_384;

    /** Below all configuration, wherever that comes from. Nobody but this machine is served unless somebody says so. */
    private static final Map<String, Object> DEFAULTS = Map.ofEntries(
            Map.entry("server.address", "127.0.0.1"),
            Map.entry(
                    "server.jetty.max-connections",
                    connections(Runtime.getRuntime().maxMemory())),
            Map.entry("shardmill.aws-endpoint.guard-application", true),
            Map.entry("shardmill.aws-endpoint.owns-root", true),
            Map.entry("spring.application.name", "shardmill-server"),
            Map.entry("spring.main.banner-mode", "off"),
            Map.entry(
                    "management.endpoints.web.exposure.include", "health,metrics,prometheus,shardmill,shardmillbackup"),
            Map.entry("management.endpoint.health.show-details", "always"),
            // The mappings' health answers at once, and says since when the database fails; this waits for a
            // connection.
            Map.entry("management.health.db.enabled", false),
            Map.entry(
                    "logging.pattern.console",
                    "%clr(%d{HH:mm:ss.SSS}){faint} %clr(%5p) %clr(%logger{40}){cyan} %m%n%wEx"),
            Map.entry("logging.level.root", "warn"),
            // Warnings about what a client sent: anyone could fill the log with them. See ClientFaults, too.
            Map.entry("logging.level.org.eclipse.jetty.http", "error"),
            Map.entry("logging.level.org.eclipse.jetty.util.HostPort", "error"),
            // What stops the start is reported by Spring Boot, at the end and readably.
            Map.entry("logging.level.org.eclipse.jetty.ee11.webapp.WebAppContext", "error"),
            Map.entry("logging.level.io.shardmill", "info"),
            Map.entry("logging.level.io.shardmill.mapping", "warn"),
            Map.entry("logging.level.shardmill.function", "info"));

    private static final Map<String, Object> BEYOND_LOOPBACK = Map.of(
            "management.endpoints.web.exposure.include", "health",
            "management.endpoint.health.show-details", "never");

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals(RestoreCommand.NAME)) {
            System.exit(RestoreCommand.run(args, DEFAULTS));
        }
        SpringApplication server = new SpringApplication(ShardmillServer.class);
        server.setDefaultProperties(DEFAULTS);
        server.addInitializers(
                context -> exposeLessBeyondLoopback(context.getEnvironment()), context -> ClientFaults.drop());
        server.run(args);
    }

    /** Management has no signatures: whoever serves other machines says himself what they may see and do. */
    private static void exposeLessBeyondLoopback(ConfigurableEnvironment environment) {
        InetAddress address = environment.getProperty("server.address", InetAddress.class);
        if (address == null || !address.isLoopbackAddress()) {
            environment
                    .getPropertySources()
                    .addBefore(
                            DefaultPropertiesPropertySource.NAME,
                            new MapPropertySource("beyondLoopback", BEYOND_LOOPBACK));
        }
    }

    /** As many as take a quarter of the heap, whatever they send. */
    private static long connections(long heap) {
        return Math.min(MOST_CONNECTIONS, heap / 4 / CONNECTION_BYTES);
    }
}
