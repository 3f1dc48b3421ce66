package io.shardmill.server;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Runs what its configuration says: streams, functions with their code, and mappings between them. */
@SpringBootApplication
public class ShardmillServer {

    /** Below all configuration, wherever that comes from. Nobody but this machine is served unless somebody says so. */
    private static final Map<String, Object> DEFAULTS = Map.of(
            "server.address", "127.0.0.1",
            "spring.application.name", "shardmill-server",
            "spring.main.banner-mode", "off",
            "management.endpoints.web.exposure.include", "health,metrics,shardmill",
            "management.endpoint.health.show-details", "always",
            "logging.pattern.console", "%clr(%d{HH:mm:ss.SSS}){faint} %clr(%5p) %m%n%wEx",
            "logging.level.root", "warn",
            "logging.level.io.shardmill", "info",
            "logging.level.io.shardmill.mapping", "warn",
            "logging.level.shardmill.function", "info");

    public static void main(String[] args) {
        SpringApplication server = new SpringApplication(ShardmillServer.class);
        server.setDefaultProperties(DEFAULTS);
        server.run(args);
    }
}
