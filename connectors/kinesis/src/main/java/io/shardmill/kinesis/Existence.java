package io.shardmill.kinesis;

import io.shardmill.poller.stream.ReadResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;

/**
 * Finds out what "not found" means: Kinesis says the same of a stream, of a consumer and of a shard.
 *
 * @param access answers whether the consumer exists
 * @param announced whether a shard is new and not listed yet
 */
record Existence(
        ShardRequests requests,
        Supplier<CompletableFuture<Boolean>> access,
        Predicate<String> announced,
        String incarnation) {

    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Answers what a read of the shard is to say: that the stream is gone, the shard has expired, or that it is there. */
    CompletableFuture<ReadResult> of(String shard) {
        return requests.summary()
                .thenCompose(summary -> of(shard, summary.streamDescriptionSummary()))
                .exceptionally(thrown -> {
                    Failure failure = Failure.of(thrown);
                    return failure.kind() == Failure.Kind.NOT_FOUND
                            ? new ReadResult.StreamGone()
                            : new ReadResult.Unavailable(failure.reason(), RETRY);
                });
    }

    private CompletableFuture<ReadResult> of(String shard, StreamDescriptionSummary summary) {
        if (!StreamDirectory.incarnation(summary).equals(incarnation)) {
            return CompletableFuture.completedFuture(new ReadResult.StreamGone());
        }
        return access.get()
                .thenCompose(exists ->
                        exists ? ofListed(shard) : CompletableFuture.completedFuture(new ReadResult.StreamGone()));
    }

    private CompletableFuture<ReadResult> ofListed(String shard) {
        return requests.isListed(shard)
                .thenApply(isListed -> isListed || announced.test(shard)
                        ? new ReadResult.Unavailable(
                                "Kinesis names " + shard + " and says that it does not exist; it is asked again", RETRY)
                        : new ReadResult.ShardEnded());
    }
}
