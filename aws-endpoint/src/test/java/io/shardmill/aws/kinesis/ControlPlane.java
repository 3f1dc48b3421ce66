package io.shardmill.aws.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.aws.http.AwsEndpoint;
import io.shardmill.aws.http.AwsRequest;
import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.http.AwsService;
import io.shardmill.aws.http.EndpointServer;
import io.shardmill.aws.http.RequestHead;
import io.shardmill.aws.protocol.AwsError;
import io.shardmill.aws.protocol.Wire;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.KinesisException;

/** The AWS SDK against streams in a folder, which is closed and opened again before every request. */
final class ControlPlane implements AutoCloseable {

    static final String ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/";

    private static final String CBOR_SWITCH = "aws.cborEnabled";

    final SettableClock clock = new SettableClock();
    final KinesisClient client;
    private final Reopened service;
    private final EndpointServer server;

    /** @param wire that the SDK shall speak; the switch is one for the whole JVM */
    ControlPlane(Path folder, Wire wire) {
        System.setProperty(CBOR_SWITCH, String.valueOf(wire == Wire.CBOR));
        service = new Reopened(EmbeddedStreamsSettings.in(folder).withClock(clock));
        server = new EndpointServer(new AwsEndpoint(List.of(service)));
        client = KinesisClient.builder()
                .endpointOverride(server.uri())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .build();
    }

    EmbeddedStreams streams() {
        return service.streams;
    }

    Wire lastWire() {
        return service.lastWire;
    }

    private static final class Reopened implements AwsService {

        private final EmbeddedStreamsSettings settings;
        private volatile EmbeddedStreams streams;
        private volatile KinesisService service;
        private volatile Wire lastWire = Wire.JSON;

        Reopened(EmbeddedStreamsSettings settings) {
            this.settings = settings;
            streams = EmbeddedStreams.open(settings);
            service = serviceOf(streams);
        }

        private KinesisService serviceOf(EmbeddedStreams opened) {
            return new KinesisService(opened, new KinesisSettings(settings.clock(), false, false));
        }

        @Override
        public String signingName() {
            return service.signingName();
        }

        @Override
        public @Nullable Route route(RequestHead head) {
            return service.route(head) == null ? null : new Reopening(head);
        }

        private final class Reopening implements Route {

            private final RequestHead head;

            Reopening(RequestHead head) {
                this.head = head;
            }

            @Override
            public int maxBodyBytes() {
                return routed().maxBodyBytes();
            }

            @Override
            public AwsResponse answer(AwsRequest request) {
                lastWire = Wire.of(head.header("Content-Type"));
                streams.close();
                streams = EmbeddedStreams.open(settings);
                service = serviceOf(streams);
                return routed().answer(request);
            }

            private Route routed() {
                return Objects.requireNonNull(service.route(head));
            }
        }

        @Override
        public AwsResponse.Whole refuse(RequestHead head, AwsError refusal) {
            return service.refuse(head, refusal);
        }
    }

    /** Refused in exactly these words. */
    static void assertRefused(String errorCode, String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(KinesisException.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(errorCode);
            assertThat(e.awsErrorDetails().errorMessage()).isEqualTo(message);
            assertThat(e.statusCode()).isEqualTo(400);
        });
    }

    @Override
    public void close() {
        client.close();
        server.close();
        service.streams.close();
        System.clearProperty(CBOR_SWITCH);
    }
}
