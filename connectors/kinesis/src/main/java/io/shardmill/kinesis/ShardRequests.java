package io.shardmill.kinesis;

import io.shardmill.poller.stream.Position;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryResponse;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;

/** Requests for the records of a stream's shards. Thread-safe; nothing here waits, and nothing is tried again. */
record ShardRequests(KinesisAsyncClient client, String streamArn) {

    /** Asks for an iterator; one from an inner record on begins at the aggregated record that it came in. */
    CompletableFuture<String> iterator(String shard, Position from) {
        return client.getShardIterator(
                        request -> startAt(request.streamARN(streamArn).shardId(shard), from))
                .thenApply(GetShardIteratorResponse::shardIterator);
    }

    private static void startAt(GetShardIteratorRequest.Builder request, Position from) {
        request.shardIteratorType(type(from))
                .startingSequenceNumber(number(from))
                .timestamp(time(from));
    }

    static void startAt(StartingPosition.Builder start, Position from) {
        start.type(type(from)).sequenceNumber(number(from)).timestamp(time(from));
    }

    static void startAfter(StartingPosition.Builder start, String number) {
        start.type(ShardIteratorType.AFTER_SEQUENCE_NUMBER).sequenceNumber(number);
    }

    private static ShardIteratorType type(Position from) {
        if (from instanceof Position.TrimHorizon) {
            return ShardIteratorType.TRIM_HORIZON;
        } else if (from instanceof Position.AtTimestamp) {
            return ShardIteratorType.AT_TIMESTAMP;
        } else if (from instanceof Position.After after && after.number().subSequence() == 0) {
            return ShardIteratorType.AFTER_SEQUENCE_NUMBER;
        }
        return ShardIteratorType.AT_SEQUENCE_NUMBER;
    }

    private static @Nullable String number(Position from) {
        if (from instanceof Position.At at) {
            return Numbers.outer(at.number());
        }
        return from instanceof Position.After after ? Numbers.outer(after.number()) : null;
    }

    private static @Nullable Instant time(Position from) {
        return from instanceof Position.AtTimestamp at ? at.timestamp() : null;
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
