package io.shardmill.aws.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import org.assertj.core.api.ThrowingConsumer;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** What many of the tests do with AWS's clients. */
final class KinesisTesting {

    static final String STREAM = "orders";

    private KinesisTesting() {}

    static PutRecordsRequestEntry entry(String partitionKey, byte[] data) {
        return PutRecordsRequestEntry.builder()
                .partitionKey(partitionKey)
                .data(SdkBytes.fromByteArray(data))
                .build();
    }

    /** Of the first shard. */
    static String iterator(KinesisClient client, ShardIteratorType type) {
        return iterator(
                client, request -> request.shardId(KinesisEndpoint.SHARD_0).shardIteratorType(type));
    }

    static String iterator(KinesisClient client, Consumer<GetShardIteratorRequest.Builder> change) {
        return client.getShardIterator(request -> change.accept(request.streamName(STREAM)))
                .shardIterator();
    }

    /** An error of AWS's, by its name and a part of its message. */
    static ThrowingConsumer<Throwable> fails(String errorCode, String messagePart) {
        return failure -> {
            assertThat(failure).isInstanceOf(KinesisException.class);
            KinesisException e = (KinesisException) failure;
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(errorCode);
            assertThat(e.awsErrorDetails().errorMessage()).contains(messagePart);
            assertThat(e.statusCode()).isEqualTo(400);
            assertThat(e.requestId()).isNotBlank();
        };
    }
}
