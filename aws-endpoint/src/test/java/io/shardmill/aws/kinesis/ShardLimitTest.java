package io.shardmill.aws.kinesis;

import static io.shardmill.aws.kinesis.KinesisEndpoint.SHARD_0;
import static io.shardmill.aws.kinesis.KinesisTesting.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.DescribeLimitsResponse;
import software.amazon.awssdk.services.kinesis.model.ScalingType;

/** Open shards are limited in all streams together. */
class ShardLimitTest {

    private final KinesisEndpoint endpoint = new KinesisEndpoint();
    private final KinesisClient client = endpoint.client(0);

    @AfterEach
    void close() {
        client.close();
        endpoint.close();
    }

    private static String exceeded(int open, int more) {
        return "This request would exceed the shard limit for the account 000000000000 in us-east-1. Current shard"
                + " count for the account: " + open + ". Limit: 10000. Number of additional shards that would have"
                + " resulted from this request: " + more + ".";
    }

    @Test
    void requests_cannot_make_more_than_ten_thousand() {
        endpoint.streams.createStream("large", 9_998);
        assertThatThrownBy(() -> client.createStream(
                        request -> request.streamName("orders").shardCount(3)))
                .satisfies(fails("LimitExceededException", exceeded(9_998, 3)));
        assertThatThrownBy(() -> client.createStream(request -> request.streamName("orders")))
                .satisfies(fails("LimitExceededException", exceeded(9_998, 4)));
        client.createStream(request -> request.streamName("orders").shardCount(1));
        scale(2);
        assertThatThrownBy(() -> scale(3)).satisfies(fails("LimitExceededException", exceeded(10_000, 1)));
        assertThatThrownBy(() -> client.splitShard(request ->
                        request.streamName("large").shardToSplit(SHARD_0).newStartingHashKey("1000")))
                .satisfies(fails("LimitExceededException", exceeded(10_000, 1)));
        DescribeLimitsResponse limits = client.describeLimits();
        assertThat(limits.shardLimit()).isEqualTo(10_000);
        assertThat(limits.openShardCount()).isEqualTo(10_000);
        scale(1);
        scale(2);
        client.deleteStream(request -> request.streamName("large"));
        scale(3);
    }

    private void scale(int shards) {
        client.updateShardCount(request ->
                request.streamName("orders").targetShardCount(shards).scalingType(ScalingType.UNIFORM_SCALING));
    }

    @Test
    void the_application_itself_is_not_limited() {
        endpoint.streams.createStream("large", 10_000);
        endpoint.streams.createStream("orders", 1);
        assertThat(client.describeLimits().openShardCount()).isEqualTo(10_001);
        assertThatThrownBy(() -> scale(2)).satisfies(fails("LimitExceededException", exceeded(10_001, 1)));
    }
}
