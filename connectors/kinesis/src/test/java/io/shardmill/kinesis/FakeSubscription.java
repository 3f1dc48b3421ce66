package io.shardmill.kinesis;

import io.shardmill.poller.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEventStream;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponse;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/**
 * A subscription as the SDK's client shows it: events as the subscriber requests them, one every five seconds at least, for five
 * minutes, or until the shard ends or the connection breaks.
 */
final class FakeSubscription implements SdkPublisher<SubscribeToShardEventStream>, Subscription {

    private static final long LIFE = Duration.ofMinutes(5).toMillis();
    private static final long HEARTBEAT = Duration.ofSeconds(5).toMillis();
    private static final long PUSH = 200;

    /** The client's read timeout. */
    private static final long READ_TIMEOUT = Duration.ofSeconds(10).toMillis();

    /** What the shard has from an index on. */
    record Pushed(SubscribeToShardEvent event, int next) {}

    private final VirtualTime time;
    private final KinesisTrouble trouble;
    private final SubscribeToShardResponseHandler handler;
    private final CompletableFuture<Void> answer;
    private final List<SubscribeToShardEvent> arrived = new ArrayList<>();
    private @Nullable Subscriber<? super SubscribeToShardEventStream> subscriber;
    private Function<Integer, Pushed> shard = index -> {
        throw new IllegalStateException("not begun");
    };
    private int next;
    private long requested;
    private long lastSent;
    private long lastWanted;
    private long end;
    private boolean isOver;
    private boolean isDelivering;
    private @Nullable Runnable last;

    FakeSubscription(
            VirtualTime time,
            KinesisTrouble trouble,
            SubscribeToShardResponseHandler handler,
            CompletableFuture<Void> answer) {
        this.time = time;
        this.trouble = trouble;
        this.handler = handler;
        this.answer = answer;
    }

    /** Sends what the shard has, from now on. */
    void begin(int from, Function<Integer, Pushed> shard) {
        this.shard = shard;
        this.next = from;
        this.end = time.millis() + LIFE;
        this.lastSent = time.millis() - HEARTBEAT;
        this.lastWanted = time.millis();
        time.after(trouble.latency(), () -> {
            handler.responseReceived(SubscribeToShardResponse.builder().build());
            handler.onEventStream(this);
            push();
        });
    }

    /** The server sends no further than the client's buffers reach. */
    private void push() {
        if (isOver || last != null) {
            return;
        }
        if (time.millis() >= end) {
            complete();
            return;
        }
        if (trouble.isCut()) {
            fail(SdkClientException.create("The connection was closed"));
            return;
        }
        if (requested > 0) {
            lastWanted = time.millis();
        } else if (time.millis() - lastWanted > READ_TIMEOUT) {
            fail(SdkClientException.create("Read timed out"));
            return;
        }
        if (arrived.isEmpty()) {
            Pushed pushed = shard.apply(next);
            SubscribeToShardEvent event = pushed.event();
            boolean isEnd = event.continuationSequenceNumber() == null;
            if (isEnd || !event.records().isEmpty() || time.millis() - lastSent >= HEARTBEAT) {
                next = pushed.next();
                lastSent = time.millis();
                arrived.add(event);
            }
            if (isEnd) {
                complete();
            }
            deliver();
        }
        time.after(PUSH, this::push);
    }

    private void deliver() {
        if (isDelivering) {
            return;
        }
        isDelivering = true;
        while (!isOver && requested > 0 && !arrived.isEmpty() && subscriber != null) {
            requested--;
            subscriber.onNext(arrived.remove(0));
        }
        isDelivering = false;
        if (!isOver && last != null && arrived.isEmpty() && requested > 0) {
            isOver = true;
            last.run();
        }
    }

    /** Stops sending; what was sent still arrives, and then the end, as far as they are requested. */
    void complete() {
        if (last == null) {
            last = () -> {
                if (subscriber != null) {
                    subscriber.onComplete();
                }
                handler.complete();
                answer.complete(null);
            };
            time.after(trouble.latency(), this::deliver);
        }
    }

    /** What has not arrived is lost. */
    void fail(Throwable cause) {
        if (!isOver) {
            isOver = true;
            time.after(trouble.latency(), () -> {
                if (subscriber != null) {
                    subscriber.onError(cause);
                }
                handler.exceptionOccurred(cause);
                answer.completeExceptionally(cause);
            });
        }
    }

    @Override
    public void subscribe(Subscriber<? super SubscribeToShardEventStream> subscriber) {
        this.subscriber = subscriber;
        subscriber.onSubscribe(this);
    }

    @Override
    public void request(long count) {
        requested += count;
        deliver();
    }

    @Override
    public void cancel() {
        isOver = true;
    }
}
