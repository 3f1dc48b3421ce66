package io.shardmill.aws.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.aws.http.AwsEndpoint;
import io.shardmill.aws.http.EndpointServer;
import io.shardmill.embedded.EmbeddedStreams;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to {@code /} that name no operation of Kinesis's, as AWS answers them. */
class RootTest {

    private static final String XML =
            "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to"
                    + " be authorized</Message>\n</AccessDeniedException>\n";

    private final EmbeddedStreams streams = EmbeddedStreams.temporary(Clock.systemUTC());
    private final EndpointServer shared = server(false);
    private final EndpointServer own = server(true);
    private final HttpClient http = HttpClient.newHttpClient();

    private EndpointServer server(boolean ownsRoot) {
        KinesisSettings settings = new KinesisSettings(Clock.systemUTC(), false, ownsRoot);
        return new EndpointServer(new AwsEndpoint(List.of(new KinesisService(streams, settings))));
    }

    @AfterEach
    void close() {
        own.close();
        shared.close();
        streams.close();
    }

    private HttpResponse<String> send(EndpointServer server, String method, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri().resolve("/")).method(method, BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-amz-json-1.1", "application/x-amz-json-1.0"})
    void a_POST_without_a_target_is_an_unknown_operation(String contentType) throws Exception {
        HttpResponse<String> answer = send(shared, "POST", "{}", "Content-Type", contentType);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).startsWith("{\"__type\":\"UnknownOperationException\"");
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/x-amz-json-1.1"));
    }

    @Test
    void a_POST_of_another_version_of_the_protocol_is_an_unknown_operation() throws Exception {
        HttpResponse<String> answer = send(
                shared,
                "POST",
                "{}",
                "Content-Type",
                "application/x-amz-json-1.0",
                "X-Amz-Target",
                "Kinesis_20131202.ListStreams");

        assertThat(answer.body()).startsWith("{\"__type\":\"UnknownOperationException\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void another_method_is_denied_in_XML(String method) throws Exception {
        HttpResponse<String> answer = send(shared, method, "", "Content-Type", "application/x-amz-json-1.1");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo(XML);
        assertThat(answer.headers().firstValue("x-amzn-RequestId")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void a_server_that_owns_the_root_denies_other_clients_too(String method) throws Exception {
        assertThat(send(own, method, "").body()).isEqualTo(XML);
        assertThat(send(own, "POST", "{}").body()).startsWith("{\"__type\":\"UnknownOperationException\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "POST"})
    void the_applications_own_root_is_left_to_it(String method) throws Exception {
        assertThat(send(shared, method, "").headers().firstValue("x-amzn-RequestId"))
                .isEmpty();
    }
}
