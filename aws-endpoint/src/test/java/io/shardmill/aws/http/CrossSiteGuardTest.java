package io.shardmill.aws.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What pages in a developer's browser can do here: nothing. Requests as browsers send them. */
@Timeout(60)
class CrossSiteGuardTest {

    private final EchoService service = new EchoService();
    private final EndpointServer server = new EndpointServer(new AwsEndpoint(
            List.of(service), EndpointSettings.defaults().withAllowedHosts(Set.of("shardmill.internal"))));
    private final String own = server.uri().getAuthority();

    @AfterEach
    void stop() {
        server.close();
    }

    private String answerTo(String head, String... headers) throws IOException {
        try (RawClient client = new RawClient(server.uri())) {
            client.send(head + " HTTP/1.1\n" + String.join("\n", headers) + "\nContent-Length: 2\n\n{}");
            return client.receive();
        }
    }

    private void assertRefused(String answer, String because) {
        assertThat(answer).startsWith("HTTP/1.1 403").contains("AccessDeniedException: ", because);
        assertThat(answer).doesNotContainIgnoringCase("Access-Control-Allow");
        assertThat(service.answered).isEmpty();
    }

    @Test
    void a_fetch_with_a_plain_text_body_which_needs_no_leave_is_refused() throws IOException {
        assertRefused(
                answerTo(
                        "POST /echo",
                        "Host: " + own,
                        "Origin: https://evil.example",
                        "Sec-Fetch-Site: cross-site",
                        "Sec-Fetch-Mode: no-cors",
                        "Content-Type: text/plain;charset=UTF-8"),
                "https://evil.example");
    }

    @Test
    void a_form_is_refused() throws IOException {
        assertRefused(
                answerTo(
                        "POST /echo",
                        "Host: " + own,
                        "Origin: null",
                        "Content-Type: application/x-www-form-urlencoded"),
                "pages of null");
    }

    @Test
    void a_page_of_another_port_of_this_machine_is_another_site() throws IOException {
        assertRefused(answerTo("POST /echo", "Host: " + own, "Origin: http://127.0.0.1:1"), "http://127.0.0.1:1");
        assertRefused(answerTo("POST /echo", "Host: " + own, "Origin: https://" + own), "https://" + own);
    }

    @Test
    void an_image_a_link_and_what_says_no_origin_are_refused() throws IOException {
        assertRefused(
                answerTo("GET /echo", "Host: " + own, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"),
                "cross-site");
        assertRefused(answerTo("GET /echo", "Host: " + own, "Sec-Fetch-Site: same-site"), "same-site");
    }

    @Test
    void asking_for_leave_beforehand_gives_none() throws IOException {
        assertRefused(
                answerTo(
                        "OPTIONS /echo",
                        "Host: " + own,
                        "Origin: https://evil.example",
                        "Access-Control-Request-Method: PUT"),
                "https://evil.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "192.168.0.1.evil.example",
                "3232235521",
                "[::2].evil.example",
                "xlocalhost",
                "",
                "localhost:80:80"
            })
    void a_name_that_was_bound_to_this_machine_is_refused_and_the_property_named(String host) throws IOException {
        String answer = answerTo("POST /echo", "Host: " + host);
        assertThat(answer).containsPattern("HTTP/1.1 40[03]");
        assertThat(service.answered).isEmpty();
        if (answer.startsWith("HTTP/1.1 403")) {
            assertThat(answer).contains("shardmill.aws-endpoint.allowed-hosts");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:8080",
                "kinesis.us-east-1.localhost:1",
                "127.0.0.1:9",
                "127.1.2.3",
                "[::1]",
                "[::1]:8080",
                "192.168.0.1",
                "[2001:db8::2]:8080",
                "shardmill.internal:8080"
            })
    void loopback_and_plain_addresses_and_what_is_allowed_are_served(String host) throws IOException {
        assertThat(answerTo("POST /echo", "Host: " + host)).startsWith("HTTP/1.1 200");
    }

    @Test
    void an_own_page_and_an_address_typed_in_are_served() throws IOException {
        assertThat(answerTo("POST /echo", "Host: " + own, "Origin: http://" + own, "Sec-Fetch-Site: same-origin"))
                .startsWith("HTTP/1.1 200");
        assertThat(answerTo("GET /echo", "Host: " + own, "Sec-Fetch-Site: none"))
                .startsWith("HTTP/1.1 200");
    }
}
