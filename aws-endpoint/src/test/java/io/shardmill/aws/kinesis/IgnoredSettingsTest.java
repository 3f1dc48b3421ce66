package io.shardmill.aws.kinesis;

import static io.shardmill.aws.kinesis.KinesisTesting.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.aws.protocol.UnsupportedSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.EncryptionType;
import software.amazon.awssdk.services.kinesis.model.MetricsName;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;

/** Encryption and enhanced monitoring of streams, where they are ignored. */
class IgnoredSettingsTest {

    private final KinesisEndpoint endpoint = new KinesisEndpoint(false, UnsupportedSettings.IGNORED);
    private final KinesisClient client = endpoint.client();

    @BeforeEach
    void create() {
        endpoint.streams.createStream(STREAM, 1);
    }

    @AfterEach
    void close() {
        client.close();
        endpoint.close();
    }

    private StreamDescriptionSummary stream() {
        return client.describeStreamSummary(request -> request.streamName(STREAM))
                .streamDescriptionSummary();
    }

    @Test
    void encryption_is_described_until_it_is_stopped() {
        client.startStreamEncryption(
                request -> request.streamName(STREAM).encryptionType("KMS").keyId("alias/mine"));
        assertThat(stream().encryptionType()).isEqualTo(EncryptionType.KMS);
        assertThat(stream().keyId()).isEqualTo("alias/mine");

        client.stopStreamEncryption(
                request -> request.streamName(STREAM).encryptionType("KMS").keyId("alias/mine"));
        assertThat(stream().encryptionType()).isEqualTo(EncryptionType.NONE);
        assertThat(stream().keyId()).isNull();
    }

    @Test
    void metrics_of_shards_are_described_until_they_are_disabled() {
        assertThat(client.enableEnhancedMonitoring(request -> request.streamName(STREAM)
                                .shardLevelMetrics(MetricsName.INCOMING_BYTES, MetricsName.OUTGOING_BYTES))
                        .desiredShardLevelMetrics())
                .containsExactly(MetricsName.INCOMING_BYTES, MetricsName.OUTGOING_BYTES);
        client.disableEnhancedMonitoring(
                request -> request.streamName(STREAM).shardLevelMetrics(MetricsName.INCOMING_BYTES));
        assertThat(stream().enhancedMonitoring().get(0).shardLevelMetrics())
                .containsExactly(MetricsName.OUTGOING_BYTES);

        client.disableEnhancedMonitoring(request -> request.streamName(STREAM).shardLevelMetrics(MetricsName.ALL));
        assertThat(stream().enhancedMonitoring().get(0).shardLevelMetrics()).isEmpty();
    }
}
