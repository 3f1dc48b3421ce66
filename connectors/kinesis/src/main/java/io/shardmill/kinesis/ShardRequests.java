package io.shardmill.kinesis;

import io.shardmill.poller.stream.Position;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryResponse;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** Requests for the records of a stream's shards. Thread-safe; nothing here waits, and nothing is tried again. */
record ShardRequests(KinesisAsyncClient client, String streamArn) {

    /** Asks for an iterator; one from an inner record on begins at the aggregated record that it came in. */
    CompletableFuture<String> iterator(String shard, Position from) {
        return client.getShardIterator(
                        request -> startAt(request.streamARN(streamArn).shardId(shard), from))
                .thenApply(GetShardIteratorResponse::shardIterator);
    }

    private static void startAt(GetShardIteratorRequest.Builder request, Position from) {
        if (from instanceof Position.TrimHorizon) {
            request.shardIteratorType(ShardIteratorType.TRIM_HORIZON);
        } else if (from instanceof Position.AtTimestamp at) {
            request.shardIteratorType(ShardIteratorType.AT_TIMESTAMP).timestamp(at.timestamp());
        } else if (from instanceof Position.At at) {
            request.shardIteratorType(ShardIteratorType.AT_SEQUENCE_NUMBER)
                    .startingSequenceNumber(Numbers.outer(at.number()));
        } else if (from instanceof Position.After after) {
            boolean isInner = after.number().subSequence() > 0;
            request.shardIteratorType(
                            isInner ? ShardIteratorType.AT_SEQUENCE_NUMBER : ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                    .startingSequenceNumber(Numbers.outer(after.number()));
        } else {
            throw new IllegalStateException("Unknown position " + from);
        }
    }

    CompletableFuture<GetRecordsResponse> records(String iterator, int limit) {
        return client.getRecords(
                request -> request.streamARN(streamArn).shardIterator(iterator).limit(limit));
    }

    CompletableFuture<DescribeStreamSummaryResponse> summary() {
        return client.describeStreamSummary(request -> request.streamARN(streamArn));
    }

    /** Answers whether the stream lists the shard. */
    CompletableFuture<Boolean> isListed(String shard) {
        return isListed(shard, null);
    }

    private CompletableFuture<Boolean> isListed(String shard, @Nullable String token) {
        return client.listShards(request -> {
                    if (token == null) {
                        request.streamARN(streamArn);
                    } else {
                        request.nextToken(token);
                    }
                })
                .thenCompose(page -> {
                    boolean isHere = page.shards().stream()
                            .anyMatch(listed -> listed.shardId().equals(shard));
                    return isHere || page.nextToken() == null
                            ? CompletableFuture.completedFuture(isHere)
                            : isListed(shard, page.nextToken());
                });
    }
}
