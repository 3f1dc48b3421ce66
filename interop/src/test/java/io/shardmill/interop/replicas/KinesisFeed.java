package io.shardmill.interop.replicas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.interop.Clients;
import io.shardmill.server.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/** A stream of Kinesis, which a server of ours has. */
final class KinesisFeed implements Feed {

    private static final int SHARDS = 8;

    private final ServerProcess server;
    private final KinesisClient kinesis;

    /** @param folder of the server; made here */
    KinesisFeed(Path folder) {
        assertThat(folder.toFile().mkdirs()).isTrue();
        server = new ServerProcess(folder, "--shardmill.streams.orders.shards=" + SHARDS);
        kinesis = Clients.kinesis(server.uri());
    }

    @Override
    public int shards() {
        return SHARDS;
    }

    @Override
    public List<String> arguments() {
        return List.of(
                "--shardmill.aws.region=" + Clients.REGION.id(),
                "--shardmill.aws.kinesis.endpoint=" + server.uri(),
                "--shardmill.streams.orders.kinesis=orders");
    }

    @Override
    public void put(List<String> keys, String text) {
        SdkBytes data = SdkBytes.fromString(text, UTF_8);
        List<PutRecordsRequestEntry> records = keys.stream()
                .map(key -> PutRecordsRequestEntry.builder()
                        .partitionKey(key)
                        .data(data)
                        .build())
                .toList();
        int failed = kinesis.putRecords(request -> request.streamName("orders").records(records))
                .failedRecordCount();
        if (failed > 0) {
            throw new IllegalStateException(failed + " puts failed");
        }
    }

    @Override
    public void close() {
        kinesis.close();
        server.close();
    }
}
