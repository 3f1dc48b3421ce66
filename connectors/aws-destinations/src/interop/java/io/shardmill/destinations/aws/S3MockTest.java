package io.shardmill.destinations.aws;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** With Adobe's S3Mock in a JVM of its own: another project's reading of S3. */
class S3MockTest extends S3DestinationContract {

    private static Process server;
    private static URI uri;

    @BeforeAll
    static void start() throws IOException {
        int http = freePort();
        uri = URI.create("http://127.0.0.1:" + http);
        server = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        Path.of("target", "s3mock", "s3mock.jar").toString(),
                        "--http.port=" + http,
                        "--server.port=" + freePort(),
                        "--server.address=127.0.0.1"))
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target", "s3mock", "s3mock.log").toFile())
                .start();
        try (AwsClients clients = new AwsClients(Batches.settings().with(DestinationService.S3, uri))) {
            await().atMost(Duration.ofMinutes(3))
                    .ignoreExceptions()
                    .until(() -> clients.s3(Batches.SDK_REGION).listBuckets().hasBuckets());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    URI endpoint() {
        return uri;
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.destroy();
        server.waitFor();
    }
}
