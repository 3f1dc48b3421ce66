package io.shardmill.aws.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.ListStreamsResponse;

/** What all actions have in common: both forms of a body, and the errors. */
class WireTest {

    private final KinesisEndpoint endpoint = new KinesisEndpoint();

    @AfterEach
    void close() {
        endpoint.close();
    }

    @Test
    void the_sdk_lists_streams_page_by_page() {
        for (String name : List.of("c", "a", "b")) {
            endpoint.streams.createStream(name, 1);
        }
        try (KinesisClient client = endpoint.client()) {
            ListStreamsResponse first = client.listStreams(request -> request.limit(2));
            assertThat(first.streamNames()).containsExactly("a", "b");
            assertThat(first.hasMoreStreams()).isTrue();
            ListStreamsResponse second = client.listStreams(request -> request.exclusiveStartStreamName("b"));
            assertThat(second.streamNames()).containsExactly("c");
            assertThat(second.hasMoreStreams()).isFalse();
            assertThat(second.responseMetadata().requestId()).isNotEqualTo("UNKNOWN");
        }
    }

    @Test
    void the_async_sdk_lists_streams_over_http_2_with_its_default_settings() {
        endpoint.streams.createStream("a", 1);
        try (KinesisAsyncClient client = endpoint.asyncClient()) {
            assertThat(client.listStreams().join().streamNames()).containsExactly("a");
        }
    }

    @Test
    void the_sdk_is_told_all_constraints_that_a_request_breaks() {
        try (KinesisClient client = endpoint.client()) {
            assertThatThrownBy(() ->
                            client.listStreams(request -> request.limit(10_001).exclusiveStartStreamName("a/b")))
                    .isInstanceOfSatisfying(KinesisException.class, e -> {
                        assertThat(e.statusCode()).isEqualTo(400);
                        assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
                        assertThat(e.awsErrorDetails().errorMessage())
                                .isEqualTo("2 validation errors detected: Value '10001' at 'limit' failed to satisfy"
                                        + " constraint: Member must have value less than or equal to 10000; Value"
                                        + " 'a/b' at 'exclusiveStartStreamName' failed to satisfy constraint: Member"
                                        + " must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
                        assertThat(e.requestId()).isNotBlank();
                    });
        }
    }

    @Test
    void an_unknown_action_is_answered_by_awss_error() {
        HttpResponse<String> answer = endpoint.post("Fly", "{}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).startsWith("{\"__type\":\"UnknownOperationException\"");
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith(KinesisEndpoint.JSON));
        assertThat(answer.headers().firstValue("x-amzn-RequestId")).isPresent();
    }

    @Test
    void a_body_that_is_no_object_is_a_serialization_exception() {
        String deep = "{\"Limit\":" + "[".repeat(1000) + "]".repeat(1000) + "}";
        for (String body : List.of("", "{", "[]", "1", "{}{}", "{\"Limit\":\"x\"}", "{\"Limit\":1.5}", deep)) {
            HttpResponse<String> answer = endpoint.post("ListStreams", body);
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(answer.body()).as(body).startsWith("{\"__type\":\"SerializationException\"");
        }
    }
}
