package io.shardmill.aws.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamedAnswersTest {

    private final EchoService service = new EchoService();
    private final AwsEndpoint endpoint = new AwsEndpoint(List.of(service));
    private final EndpointServer server = new EndpointServer(endpoint);

    @AfterEach
    void stop() {
        server.close();
    }

    private RawClient stream() throws Exception {
        return new RawClient(server.uri())
                .send("POST /echo/stream HTTP/1.1\nHost: localhost\nContent-Length: 5\n\nhello");
    }

    @Test
    void what_is_flushed_arrives_before_the_end_and_the_end_comes_when_the_endpoint_is_closed() throws Exception {
        try (RawClient client = stream()) {
            String answer = "";
            while (!answer.contains("hello")) {
                answer += client.receive();
            }
            assertThat(answer).startsWith("HTTP/1.1 200");
            assertThat(service.streamEnded.getCount()).isOne();
            endpoint.close();
            assertThat(service.streamEnded.await(10, TimeUnit.SECONDS)).isTrue();
            while (!answer.endsWith("\r\n0\r\n\r\n")) {
                answer += client.receive();
            }
        }
    }

    @Test
    void a_closed_endpoint_ends_what_is_begun_and_an_open_one_does_not() throws Exception {
        endpoint.close();
        try (RawClient client = stream()) {
            assertThat(client.receive()).startsWith("HTTP/1.1 200");
            assertThat(service.streamEnded.await(10, TimeUnit.SECONDS)).isTrue();
        }
        endpoint.open();
        try (RawClient client = stream()) {
            String answer = "";
            while (!answer.contains("hello")) {
                answer += client.receive();
            }
        }
    }
}
