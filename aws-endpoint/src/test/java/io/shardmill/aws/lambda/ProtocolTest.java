package io.shardmill.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients may send that AWS's would not. */
@Timeout(60)
class ProtocolTest {

    @TempDir
    Path folder;

    private LambdaServer server;

    @BeforeEach
    void start() {
        server = LambdaServer.with(folder, new FakeHost());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /2015-03-31/functions/f/nothing",
                "PATCH /2015-03-31/functions/f",
                "GET /2018-10-31/layers",
                "POST /2016-08-19/account-settings",
                "DELETE /2015-03-31/event-source-mappings"
            })
    void an_unknown_operation_is_answered_as_aws_does(String place) {
        String[] parts = place.split(" ", 2);
        HttpResponse<String> refused = server.send(parts[0], parts[1], "");
        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.headers().firstValue("x-amzn-errortype")).hasValue("UnknownOperationException");
        assertThat(refused.body()).startsWith("{").doesNotContain("\tat ");
    }

    @Test
    void other_paths_are_not_lambdas() {
        assertThat(server.send("GET", "/functions", "").headers().firstValue("x-amzn-requestid"))
                .isEmpty();
    }

    @Test
    void a_slash_at_the_end_and_the_api_versions_date_make_no_difference() {
        assertThat(server.send("GET", "/2015-03-31/functions/", "").body()).isEqualTo("{\"Functions\":[]}");
        assertThat(server.send("GET", "/2015-03-31/functions", "").body()).isEqualTo("{\"Functions\":[]}");
        assertThat(server.send("GET", "/2019-09-30/functions/f/concurrency/", "")
                        .statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "\"text\"", "{\"a\":1} {}", "{\"Code\":{\"ZipFile\":\"%%%\"}}", "\u0000"})
    void a_malformed_body_is_refused_and_leaves_nothing_behind(String body) throws IOException {
        Set<Path> before = uploads();
        HttpResponse<String> refused = server.send("POST", "/2015-03-31/functions", body);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("x-amzn-errortype")).hasValue("SerializationException");
        Set<Path> added = uploads();
        added.removeAll(before);
        await().untilAsserted(() -> assertThat(added).noneMatch(Files::exists)); // other JVMs' tests remove theirs, too
    }

    @Test
    void deep_nesting_is_refused() {
        String body = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertThat(server.send("POST", "/2015-03-31/functions", body).statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "0", "null", "\"\""})
    void more_values_than_any_request_has_are_refused_before_they_are_kept(String value) {
        String body = "{\"FunctionName\":\"a\",\"Role\":\"r\",\"X\":[" + (value + ",").repeat(30_000) + value + "]}";
        HttpResponse<String> refused = server.send("POST", "/2015-03-31/functions", body);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("x-amzn-errortype")).hasValue("SerializationException");
    }

    @Test
    void a_text_that_is_longer_than_any_member_is_refused() {
        String body = "{\"Description\":\"" + "x".repeat(2 << 20) + "\"}";
        HttpResponse<String> refused = server.send("POST", "/2015-03-31/functions", body);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("x-amzn-errortype")).hasValue("SerializationException");
    }

    private static Set<Path> uploads() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("shardmill-upload"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void pages_have_a_size() {
        assertThat(server.send("GET", "/2015-03-31/functions?MaxItems=0", "").statusCode())
                .isEqualTo(400);
        assertThat(server.send("GET", "/2015-03-31/functions?MaxItems=many", "").statusCode())
                .isEqualTo(400);
    }

    @Test
    void required_members_are_named() {
        assertThat(server.send("POST", "/2015-03-31/functions", "{}").body())
                .isEqualTo("{\"message\":\"3 validation errors detected: Value null at 'functionName' failed to satisfy"
                        + " constraint: Member must not be null; Value null at 'role' failed to satisfy constraint:"
                        + " Member must not be null; Value null at 'code' failed to satisfy constraint: Member must"
                        + " not be null\"}");
    }
}
