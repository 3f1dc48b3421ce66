package io.shardmill.kinesis;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEventStream;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/**
 * Reads a shard as a registered consumer, to which Kinesis pushes what comes. One event is under way at most: the next is requested
 * when the engine has taken the whole of the last one. Kinesis ends a subscription after five minutes; the next
 * one continues after the last event.
 */
final class FanOutReader extends KinesisReader {

    private final KinesisAsyncClient client;
    private final String consumerArn;
    private @Nullable Attempt attempt;

    /** The last event's continuation number, after which the next subscription starts; null before the first event. */
    private @Nullable String continuation;

    FanOutReader(ReadShard read, KinesisAsyncClient client, String consumerArn, RecordReading reading, Runnable wake) {
        super(read, reading, wake);
        this.client = client;
        this.consumerArn = consumerArn;
    }

    @Override
    void ask() {
        if (attempt == null) {
            askAgain();
        } else {
            attempt.requestNext();
        }
    }

    @Override
    void askAgain() {
        Attempt next = new Attempt();
        attempt = next;
        environment().observer().subscribed(shard());
        var handler =
                SubscribeToShardResponseHandler.builder().subscriber(() -> next).build();
        var unused = client.subscribeToShard(
                        request -> request.consumerARN(consumerArn)
                                .shardId(shard().id())
                                .startingPosition(start -> {
                                    if (continuation == null) {
                                        ShardRequests.startAt(start, reading().next());
                                    } else {
                                        ShardRequests.startAfter(start, continuation);
                                    }
                                }),
                        handler)
                .whenComplete((nothing, thrown) -> next.settle(() -> subscriptionEnded(thrown)));
    }

    @Override
    void reset() {
        Attempt last = attempt;
        attempt = null; // the client may say at once that it is over
        if (last != null) {
            last.cancel();
        }
    }

    /** Takes an event, or gives the subscription up with it: a later event would hide that one is missing. */
    private void take(SubscribeToShardEvent event) {
        try {
            accept(event);
        } catch (RuntimeException | Error unusable) {
            reset();
            throw unusable;
        }
    }

    private void accept(SubscribeToShardEvent event) {
        long behind = event.millisBehindLatest() == null ? 0 : event.millisBehindLatest();
        long unused = accept(event.records(), behind, behind == 0);
        continuation = event.continuationSequenceNumber();
        if (continuation == null) {
            reset();
            acceptEnd(event.childShards());
        } else if (hasRoom()) {
            ask();
        }
    }

    /** One that waits for the engine needs no subscription, and must not take more events with each new one. */
    private void subscriptionEnded(@Nullable Throwable thrown) {
        if (!hasRoom()) {
            reset();
        } else if (thrown == null) {
            askAgain();
        } else {
            fail(Failure.of(thrown));
        }
    }

    /** One subscription. What comes of one that was given up is ignored. */
    private final class Attempt implements Subscriber<SubscribeToShardEventStream> {

        private @Nullable Subscription subscription;
        private boolean isRequested;

        private void settle(Runnable step) {
            FanOutReader.this.settle(() -> {
                if (attempt == this) {
                    step.run();
                }
            });
        }

        void requestNext() {
            if (subscription != null && !isRequested) {
                isRequested = true;
                subscription.request(1);
            }
        }

        void cancel() {
            if (subscription != null) {
                subscription.cancel();
            }
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            synchronized (FanOutReader.this) {
                this.subscription = subscription;
                if (attempt != this) {
                    subscription.cancel();
                    return;
                }
            }
            settle(this::requestNext);
        }

        @Override
        public void onNext(SubscribeToShardEventStream event) {
            settle(() -> {
                isRequested = false;
                if (event instanceof SubscribeToShardEvent records) {
                    take(records);
                } else {
                    requestNext();
                }
            });
        }

        /** The call's future says the same, and of failures before the first event, too. */
        @Override
        public void onError(Throwable thrown) {}

        @Override
        public void onComplete() {}
    }
}
