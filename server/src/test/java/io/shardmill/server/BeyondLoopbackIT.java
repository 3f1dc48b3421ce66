package io.shardmill.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged server shows to other machines, whose requests nobody has signed. */
@Timeout(120)
class BeyondLoopbackIT {

    @TempDir
    private Path folder;

    @Test
    void others_see_that_it_is_healthy_and_nothing_else() throws Exception {
        try (ServerProcess server = new ServerProcess(
                folder,
                "--server.address=0.0.0.0",
                "--shardmill.aws-endpoint.access-key-id=AKIDEXAMPLE",
                "--shardmill.aws-endpoint.secret-access-key=secret")) {
            URI uri = server.uri();

            HttpResponse<String> health = get(uri, "/actuator/health");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body()).contains("UP").doesNotContain("components");
            assertThat(get(uri, "/actuator/shardmill").statusCode()).isEqualTo(404);
            assertThat(get(uri, "/actuator/metrics").statusCode()).isEqualTo(404);
            assertThat(get(uri, "/actuator/prometheus").statusCode()).isEqualTo(404);
            assertThat(get(uri, "/2015-03-31/functions").statusCode()).isEqualTo(403);
        }
    }

    private static HttpResponse<String> get(URI server, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path)).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
