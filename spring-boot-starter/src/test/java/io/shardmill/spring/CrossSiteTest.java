package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** What other sites' pages get of an application beside AWS's interfaces. */
@Timeout(120)
class CrossSiteTest {

    private static final String BODY = "{\"action\":\"replay\"}";

    @TempDir
    private Path folder;

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    private ConfigurableApplicationContext run(boolean guarded) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.SERVLET)
                .properties(
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "shardmill.data-dir=" + folder.resolve("data"),
                        "management.endpoints.web.exposure.include=shardmill",
                        "shardmill.aws-endpoint.guard-application=" + guarded)
                .run();
    }

    private static String answer(ConfigurableApplicationContext application, String... headers) throws IOException {
        int port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String head = String.join("\r\n", headers) + "\r\nContent-Length: " + BODY.length();
            String request = "POST /actuator/shardmill/nothing HTTP/1.1\r\nContent-Type: application/json\r\n" + head
                    + "\r\nConnection: close\r\n\r\n" + BODY;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void nothing_of_a_guarded_one() throws IOException {
        try (ConfigurableApplicationContext application = run(true)) {
            assertThat(answer(application, "Host: evil.example"))
                    .startsWith("HTTP/1.1 403")
                    .contains("shardmill.aws-endpoint.allowed-hosts");
            assertThat(answer(application, "Host: localhost", "Origin: https://evil.example"))
                    .startsWith("HTTP/1.1 403");
            assertThat(answer(application, "Host: localhost", "Sec-Fetch-Site: cross-site"))
                    .startsWith("HTTP/1.1 403");
            assertThat(answer(application, "Host: localhost")).startsWith("HTTP/1.1 404");
        }
    }

    @Test
    void what_it_lets_them_have_itself_otherwise() throws IOException {
        try (ConfigurableApplicationContext application = run(false)) {
            assertThat(answer(application, "Host: app.example")).startsWith("HTTP/1.1 404");
        }
    }
}
