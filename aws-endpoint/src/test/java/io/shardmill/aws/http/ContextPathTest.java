package io.shardmill.aws.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** In an application below a path, AWS's clients have an endpoint with that path, and sign it. */
@Timeout(60)
class ContextPathTest {

    private final EchoService service = new EchoService();
    private final EndpointServer server = new EndpointServer(
            new AwsEndpoint(
                    List.of(service),
                    EndpointSettings.defaults().withCredentials(new EndpointCredentials("AKIDEXAMPLE", "secret"))),
            "/app");

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> signed(String path, String sentTo) throws IOException, InterruptedException {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(server.uri().resolve(path))
                .build();
        SdkHttpRequest signed = AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(AwsCredentialsIdentity.create("AKIDEXAMPLE", "secret"))
                        .request(request)
                        .payload(ContentStreamProvider.fromUtf8String("body"))
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "kinesis"))
                .request();
        URI uri = server.uri().resolve(sentTo);
        HttpRequest.Builder sent = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString("body"));
        signed.headers().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("host")) {
                sent.header(name, values.get(0));
            }
        });
        return HttpClient.newHttpClient().send(sent.build(), BodyHandlers.ofString());
    }

    @Test
    void the_services_see_what_is_below_it_and_its_signature_is_of_all_of_it() throws Exception {
        assertThat(signed("/app/echo/x", "/app/echo/x").body()).isEqualTo("body");
        assertThat(service.answered.get(0).head().path()).isEqualTo("/echo/x");
        assertThat(service.answered.get(0).head().wholePath()).isEqualTo("/app/echo/x");
        assertThat(signed("/echo/x", "/app/echo/x").body()).startsWith("InvalidSignatureException: ");
    }

    @Test
    void nothing_is_served_above_it() throws Exception {
        assertThat(signed("/echo/x", "/echo/x").statusCode()).isEqualTo(404);
        assertThat(service.answered).isEmpty();
    }
}
