package io.shardmill.kinesis;

import io.shardmill.poller.stream.ForwardingSource;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import io.shardmill.poller.stream.StreamSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.GetRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardRequest;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/** Bugs that a connector could well have, each planted between it and a port, so that its own code needs no place for them. */
final class PlantedKinesisBugs {

    private PlantedKinesisBugs() {}

    /** When an iterator has expired, the shard is read from its beginning again. */
    static final KinesisPlant EXPIRY_BEGINS_ANEW = new KinesisPlant() {
        @Override
        public KinesisAsyncClient client(KinesisAsyncClient client) {
            return new ForwardingKinesis(client) {

                private boolean hasExpired;

                @Override
                public CompletableFuture<GetRecordsResponse> getRecords(GetRecordsRequest request) {
                    return super.getRecords(request).whenComplete((page, thrown) -> {
                        hasExpired |= thrown instanceof ExpiredIteratorException;
                    });
                }

                @Override
                public CompletableFuture<GetShardIteratorResponse> getShardIterator(GetShardIteratorRequest request) {
                    boolean isAnew = hasExpired;
                    hasExpired = false;
                    return super.getShardIterator(isAnew ? with(ShardIteratorType.TRIM_HORIZON, request) : request);
                }
            };
        }
    };

    /** LATEST is the tip when the reader asks for an iterator, and not when the mapping was created. */
    static final KinesisPlant LATEST_IS_NOT_PINNED = new KinesisPlant() {
        @Override
        public KinesisAsyncClient client(KinesisAsyncClient client) {
            return new ForwardingKinesis(client) {
                @Override
                public CompletableFuture<GetShardIteratorResponse> getShardIterator(GetShardIteratorRequest request) {
                    boolean isTime = request.shardIteratorType() == ShardIteratorType.AT_TIMESTAMP;
                    return super.getShardIterator(isTime ? with(ShardIteratorType.LATEST, request) : request);
                }
            };
        }
    };

    /** Each subscription begins where the first one did. */
    static final KinesisPlant EACH_SUBSCRIPTION_BEGINS_ANEW = new KinesisPlant() {
        @Override
        public KinesisAsyncClient client(KinesisAsyncClient client) {
            return new ForwardingKinesis(client) {

                private final Map<String, StartingPosition> starts = new HashMap<>();

                @Override
                public CompletableFuture<Void> subscribeToShard(
                        SubscribeToShardRequest request, SubscribeToShardResponseHandler handler) {
                    StartingPosition first =
                            starts.computeIfAbsent(request.shardId(), missing -> request.startingPosition());
                    return super.subscribeToShard(
                            request.toBuilder().startingPosition(first).build(), handler);
                }
            };
        }
    };

    private static GetShardIteratorRequest with(ShardIteratorType type, GetShardIteratorRequest request) {
        return request.toBuilder()
                .shardIteratorType(type)
                .startingSequenceNumber(null)
                .timestamp(null)
                .build();
    }

    /** The position moves on when a page is asked for, even if the response is lost. */
    static final KinesisPlant POSITION_MOVES_BEFORE_THE_PAGE_IS_HERE = new KinesisPlant() {
        @Override
        public KinesisAsyncClient client(KinesisAsyncClient client) {
            return new ForwardingKinesis(client) {

                private final Set<String> unheard = new HashSet<>();

                @Override
                public CompletableFuture<GetRecordsResponse> getRecords(GetRecordsRequest request) {
                    if (unheard.remove(request.shardIterator())) {
                        return super.getRecords(request)
                                .thenCompose(page -> page.nextShardIterator() == null
                                        ? CompletableFuture.completedFuture(page)
                                        : super.getRecords(request.toBuilder()
                                                .shardIterator(page.nextShardIterator())
                                                .build()));
                    }
                    return super.getRecords(request).whenComplete((page, thrown) -> {
                        if (thrown instanceof ApiCallTimeoutException) {
                            unheard.add(request.shardIterator());
                        }
                    });
                }
            };
        }
    };

    /** The records of a shard's last page are dropped. */
    static final KinesisPlant LAST_PAGE_HAS_NO_RECORDS = new KinesisPlant() {
        @Override
        public KinesisAsyncClient client(KinesisAsyncClient client) {
            return new ForwardingKinesis(client) {
                @Override
                public CompletableFuture<GetRecordsResponse> getRecords(GetRecordsRequest request) {
                    return super.getRecords(request)
                            .thenApply(page -> page.nextShardIterator() == null
                                    ? page.toBuilder().records(List.of()).build()
                                    : page);
                }
            };
        }
    };

    static final KinesisPlant CHILD_BEFORE_ITS_PARENT = new KinesisPlant() {
        @Override
        public StreamSource source(StreamSource source) {
            return new ForwardingSource(source) {
                @Override
                public StreamDescription describe() {
                    StreamDescription stream = super.describe();
                    return new StreamDescription(
                            stream.incarnation(),
                            stream.shards().stream()
                                    .map(shard -> new ShardDescription(shard.id(), List.of()))
                                    .toList());
                }
            };
        }
    };

    /** Now and then a timer never fires. */
    static final KinesisPlant TIMER_IS_LOST = new KinesisPlant() {
        @Override
        public Timer timer(Timer timer, Random random) {
            return (millis, task) -> {
                if (random.nextInt(100) > 0) {
                    timer.after(millis, task);
                }
            };
        }
    };

    /** A read ignores the rate limit. */
    static final KinesisPlant QUOTA_IS_IGNORED = new KinesisPlant() {
        @Override
        public Timer timer(Timer timer, Random random) {
            return (millis, task) -> timer.after(Math.min(millis, 1), task);
        }
    };
}
