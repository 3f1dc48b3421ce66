package io.shardmill.aws.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** With credentials configured, only what is signed with them is served. Requests are signed by AWS's own signer. */
@Timeout(120)
class SignatureTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:15:30Z");
    private static final String MISMATCH = "InvalidSignatureException: The request signature we calculated does not"
            + " match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the"
            + " service documentation for details.";

    private final EchoService service = new EchoService();
    private final EndpointServer server = new EndpointServer(new AwsEndpoint(
            List.of(service),
            EndpointSettings.defaults()
                    .withCredentials(new EndpointCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI"))
                    .withClock(() -> NOW)));

    @AfterEach
    void stop() {
        server.close();
    }

    /** A request on its way: what it is, and what it was signed as. */
    private record Sent(String method, String target, Map<String, String> headers, String body) {

        Sent with(String name, String value) {
            Map<String, String> changed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            changed.putAll(headers);
            changed.put(name, value);
            return new Sent(method, target, changed, body);
        }

        Sent without(String name) {
            Map<String, String> changed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            changed.putAll(headers);
            changed.remove(name);
            return new Sent(method, target, changed, body);
        }
    }

    private Sent signed(String target, String body) {
        return signed(target, body, "AKIDEXAMPLE", "wJalrXUtnFEMI", NOW);
    }

    private Sent signed(String target, String body, String id, String secret, Instant when) {
        return signed(URI.create(server.uri() + target), body, id, secret, when);
    }

    private static Sent signed(URI uri, String body, String id, String secret, Instant when) {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(uri)
                .putHeader("Host", uri.getAuthority())
                .putHeader("Content-Type", "application/x-amz-json-1.1")
                .putHeader("X-Amz-Target", "Kinesis_20131202.ListStreams")
                .putHeader("X-Spaces", "a   b  c")
                .build();
        SdkHttpRequest signed = AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(AwsCredentialsIdentity.create(id, secret))
                        .request(request)
                        .payload(ContentStreamProvider.fromUtf8String(body))
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "kinesis")
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(when, ZoneOffset.UTC)))
                .request();
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        signed.headers().forEach((name, values) -> headers.put(name, values.get(0)));
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new Sent("POST", uri.getRawPath() + query, headers, body);
    }

    private String answerTo(Sent sent) throws IOException {
        StringBuilder text = new StringBuilder(sent.method() + " " + sent.target() + " HTTP/1.1\n");
        sent.headers().forEach((name, value) -> text.append(name + ": " + value + "\n"));
        byte[] body = sent.body().getBytes(StandardCharsets.UTF_8);
        try (RawClient client = new RawClient(server.uri())) {
            return client.send(text + "Content-Length: " + body.length + "\n\n" + sent.body())
                    .receive();
        }
    }

    private void assertRefused(Sent sent, String because) throws IOException {
        assertThat(answerTo(sent)).startsWith("HTTP/1.1 403").contains(because);
        assertThat(service.answered).isEmpty();
    }

    @Test
    void whatever_awss_signer_signs_is_served() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        String[] pieces = {
            "a", "Z", "9", "-", ".", "_", "~", "%3A", "%20", "%2B", "%C3%A4", "%25", "%24LATEST", "!", "*"
        };
        for (int i = 0; i < 200; i++) {
            StringBuilder target = new StringBuilder("/echo/x");
            for (int p = random.nextInt(6); p > 0; p--) {
                target.append(pieces[random.nextInt(pieces.length)]).append(random.nextInt(4) == 0 ? "/y" : "");
            }
            for (int p = random.nextInt(4), q = 0; q < p; q++) {
                target.append(q == 0 ? '?' : '&')
                        .append("n")
                        .append(pieces[random.nextInt(13)])
                        .append(random.nextInt(3))
                        .append('=')
                        .append(pieces[random.nextInt(13)]);
            }
            assertThat(answerTo(signed(target.toString(), "body" + i)))
                    .as(target.toString())
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void a_host_that_is_signed_needs_no_list() throws IOException {
        assertRefused(signed("/echo", "x").with("Host", "elsewhere.example"), MISMATCH);
        Sent sent = signed(URI.create("http://elsewhere.example/echo"), "x", "AKIDEXAMPLE", "wJalrXUtnFEMI", NOW);
        assertThat(answerTo(sent)).startsWith("HTTP/1.1 200");
    }

    @Test
    void what_was_changed_after_signing_is_refused() throws IOException {
        Sent good = signed("/echo/path?a=1", "{\"a\":1}");
        assertRefused(new Sent(good.method(), good.target(), good.headers(), "{\"a\":2}"), MISMATCH);
        assertRefused(new Sent("PUT", good.target(), good.headers(), good.body()), MISMATCH);
        assertRefused(new Sent("POST", "/echo/other?a=1", good.headers(), good.body()), MISMATCH);
        assertRefused(new Sent("POST", "/echo/path?a=2", good.headers(), good.body()), MISMATCH);
        assertRefused(new Sent("POST", "/echo/path?a=1&b=1", good.headers(), good.body()), MISMATCH);
        assertRefused(good.with("X-Amz-Target", "Kinesis_20131202.DeleteStream"), MISMATCH);
        assertRefused(good.with("X-Amz-Date", "20261123T101531Z"), MISMATCH);
        assertRefused(good.with("x-amz-content-sha256", "0".repeat(64)), MISMATCH);
        assertThat(answerTo(good)).startsWith("HTTP/1.1 200");
    }

    @Test
    void a_header_that_means_something_has_to_be_signed() throws IOException {
        assertRefused(signed("/echo", "x").with("X-Amz-Invocation-Type", "Event"), "'x-amz-invocation-type' must be");
        Sent sent = signed("/echo", "x");
        String authorization = String.valueOf(sent.headers().get("Authorization"));
        assertRefused(sent.with("Authorization", authorization.replace("host;", "")), "'Host' or ':authority' must be");
    }

    @Test
    void who_is_not_known_or_has_another_secret_is_refused() throws IOException {
        assertRefused(
                signed("/echo", "x", "AKIDOTHER", "wJalrXUtnFEMI", NOW),
                "UnrecognizedClientException: The security token included in the request is invalid.");
        assertRefused(signed("/echo", "x", "AKIDEXAMPLE", "other", NOW), MISMATCH);
    }

    @Test
    void an_old_request_sent_again_is_refused_and_so_is_one_of_the_future() throws IOException {
        assertRefused(
                signed("/echo", "x", "AKIDEXAMPLE", "wJalrXUtnFEMI", NOW.minus(Duration.ofSeconds(301))),
                "InvalidSignatureException: Signature expired: 20261123T101029Z is now earlier than 20261123T101030Z"
                        + " (20261123T101530Z - 5 min.)");
        assertRefused(
                signed("/echo", "x", "AKIDEXAMPLE", "wJalrXUtnFEMI", NOW.plus(Duration.ofSeconds(301))),
                "InvalidSignatureException: Signature not yet current: 20261123T102031Z is still later than"
                        + " 20261123T102030Z (20261123T101530Z + 5 min.)");
        for (int skew : List.of(-300, 300)) {
            assertThat(answerTo(signed("/echo", "x", "AKIDEXAMPLE", "wJalrXUtnFEMI", NOW.plusSeconds(skew))))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void what_was_signed_for_another_service_is_refused() throws IOException {
        Sent sent = signed("/echo", "x");
        String authorization = String.valueOf(sent.headers().get("Authorization"));
        assertRefused(
                sent.with("Authorization", authorization.replace("/kinesis/", "/lambda/")),
                "InvalidSignatureException: Credential should be scoped to correct service: 'kinesis'.");
    }

    @Test
    void what_is_no_signature_is_told_so() throws IOException {
        Sent good = signed("/echo", "x");
        assertRefused(
                good.without("Authorization"), "MissingAuthenticationTokenException: Missing Authentication Token");
        assertRefused(
                good.with("Authorization", "Bearer abc"),
                "IncompleteSignatureException: Unsupported AWS 'algorithm': 'Bearer'.");
        assertRefused(
                good.with("Authorization", "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request"),
                "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders'"
                        + " parameter.");
        assertRefused(
                good.with("Authorization", "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=b"),
                "Credential must have exactly 5 slash-delimited elements");
        assertRefused(
                good.without("X-Amz-Date"),
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
        assertRefused(good.with("X-Amz-Date", "yesterday"), "Got 'yesterday'");
        assertRefused(good.with("x-amz-content-sha256", "UNSIGNED-PAYLOAD"), "UNSIGNED-PAYLOAD");
        assertRefused(
                good.with("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), "must be signed as a whole");
        assertRefused(
                new Sent("POST", "/echo?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=a", good.headers(), "x"),
                "Signatures in the query are not accepted");
        assertRefused(
                good.with(
                        "Authorization",
                        String.valueOf(good.headers().get("Authorization")).replace("20261123", "20261122")),
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261122'"
                        + " != '20261123', from '20261123T101530Z'.");
    }
}
