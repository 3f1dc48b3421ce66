package io.shardmill.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.SequenceNumber;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEventStream;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/**
 * Kinesis's responses to consumers that subscribe, as far as the connector relies on them: those of the simulation's fake and of
 * a real server alike. Each test begins with a stream of two empty shards, which have Kinesis's limits.
 */
abstract class KinesisSubscriptionContract {

    static final String STREAM = "orders";
    private static final Duration TAKE_OVER = Duration.ofSeconds(5);

    private final List<Subscribed> all = new ArrayList<>();

    abstract KinesisAsyncClient client();

    /** For subscriptions. */
    abstract KinesisAsyncClient subscriptions();

    /** Waits for a while, or lets time pass. */
    abstract boolean await(Semaphore called);

    abstract Instant now();

    abstract void advance(Duration step);

    abstract SequenceNumber put(String shard, byte[] data);

    abstract void split(String shard);

    abstract void merge(String first, String second);

    abstract void delete();

    /** Creates the stream that was deleted, with two shards. */
    abstract void createAgain();

    final SequenceNumber put(String shard) {
        return put(shard, new byte[] {1});
    }

    final List<Shard> shards() {
        return client().listShards(request -> request.streamName(STREAM)).join().shards();
    }

    final String shard(int index) {
        return shards().get(index).shardId();
    }

    static void assertFails(Class<? extends Exception> expected, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(CompletionException.class).hasCauseInstanceOf(expected);
    }

    /** Ends all subscriptions, before their client is closed. */
    final void cancel() {
        for (Subscribed subscribed : all) {
            if (subscribed.subscription != null) {
                subscribed.subscription.cancel();
            }
        }
    }

    private String consumer() {
        String stream = client().describeStreamSummary(request -> request.streamName(STREAM))
                .join()
                .streamDescriptionSummary()
                .streamARN();
        return client().registerStreamConsumer(
                        request -> request.streamARN(stream).consumerName("billing"))
                .join()
                .consumer()
                .consumerARN();
    }

    /** A subscription, whose events are requested one by one. */
    private final class Subscribed implements Subscriber<SubscribeToShardEventStream> {

        private final Semaphore arrivals = new Semaphore(0);
        private final List<SubscribeToShardEvent> events = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Void> over;
        private volatile @Nullable Subscription subscription;

        Subscribed(String consumer, String shard, Consumer<StartingPosition.Builder> from) {
            over = subscriptions()
                    .subscribeToShard(
                            request ->
                                    request.consumerARN(consumer).shardId(shard).startingPosition(from),
                            SubscribeToShardResponseHandler.builder()
                                    .subscriber(() -> this)
                                    .build());
            var unused = over.whenComplete((nothing, thrown) -> arrivals.release());
        }

        void request() {
            if (subscription != null) {
                subscription.request(1);
            }
        }

        /** Returns the next event that has records or ends the shard. */
        SubscribeToShardEvent next() {
            for (int empty = 0; empty < 3; empty++) {
                int known = events.size();
                request();
                assertThat(await(arrivals)).as("an event").isTrue();
                if (events.size() > known) {
                    SubscribeToShardEvent event = events.get(known);
                    if (!event.records().isEmpty() || event.continuationSequenceNumber() == null) {
                        return event;
                    }
                }
            }
            throw new AssertionError("only empty events");
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            this.subscription = subscription;
            arrivals.release();
        }

        @Override
        public void onNext(SubscribeToShardEventStream event) {
            if (event instanceof SubscribeToShardEvent records) {
                events.add(records);
                arrivals.release();
            }
        }

        @Override
        public void onError(Throwable thrown) {}

        @Override
        public void onComplete() {}
    }

    private Subscribed subscribe(String consumer, String shard) {
        return subscribe(consumer, shard, start -> start.type(ShardIteratorType.TRIM_HORIZON));
    }

    private Subscribed subscribe(String consumer, String shard, Consumer<StartingPosition.Builder> from) {
        Subscribed subscribed = new Subscribed(consumer, shard, from);
        all.add(subscribed);
        assertThat(await(subscribed.arrivals)).as("subscribed").isTrue();
        return subscribed;
    }

    private static List<String> numbers(SubscribeToShardEvent event) {
        return event.records().stream().map(Record::sequenceNumber).toList();
    }

    @Test
    void a_subscription_brings_what_is_there_and_what_comes() {
        String shard = shard(0);
        String first = put(shard).toString();
        Subscribed subscribed = subscribe(consumer(), shard);
        SubscribeToShardEvent event = subscribed.next();

        assertThat(numbers(event)).containsExactly(first);
        assertThat(event.continuationSequenceNumber()).isEqualTo(first);
        assertThat(event.millisBehindLatest()).isZero();
        String second = put(shard).toString();
        assertThat(numbers(subscribed.next())).containsExactly(second);
    }

    @Test
    void a_subscription_begins_after_the_number_that_another_went_to() {
        String shard = shard(0);
        SequenceNumber first = put(shard);
        String second = put(shard).toString();
        Subscribed subscribed = subscribe(
                consumer(),
                shard,
                start -> start.type(ShardIteratorType.AFTER_SEQUENCE_NUMBER).sequenceNumber(first.toString()));

        assertThat(numbers(subscribed.next())).containsExactly(second);
    }

    @Test
    void another_subscription_is_refused_for_five_seconds_and_takes_over_then() {
        String shard = shard(0);
        String consumer = consumer();
        Subscribed first = subscribe(consumer, shard);
        Subscribed early = subscribe(consumer, shard);
        assertFails(ResourceInUseException.class, early.over::join);
        assertThat(first.over).isNotDone();
        advance(TAKE_OVER);
        String number = put(shard).toString();
        Subscribed second = subscribe(consumer, shard);

        assertThat(numbers(second.next())).containsExactly(number);
        for (int events = 0; events < 5 && !first.over.isDone(); events++) {
            first.request();
            await(first.arrivals);
        }
        assertThat(first.over).isDone();
    }

    @Test
    void a_subscription_ends_with_the_children_of_its_shard() {
        String shard = shard(0);
        String number = put(shard).toString();
        split(shard);
        Subscribed subscribed = subscribe(consumer(), shard);
        SubscribeToShardEvent event = subscribed.next();
        List<String> found = new ArrayList<>(numbers(event));
        if (event.continuationSequenceNumber() != null) {
            event = subscribed.next();
            found.addAll(numbers(event));
        }

        assertThat(found).containsExactly(number);
        assertThat(event.continuationSequenceNumber()).isNull();
        assertThat(event.childShards()).extracting(ChildShard::shardId).containsExactly(shard(2), shard(3));
        subscribed.request(); // its end is not heard before
        subscribed.over.join();
    }

    @Test
    void a_consumer_and_a_shard_that_are_not_there_are_not_found() {
        String consumer = consumer();
        Subscribed missing = subscribe(consumer, "shardId-000000000007");
        assertFails(ResourceNotFoundException.class, missing.over::join);
        Subscribed stranger = subscribe(consumer.replace("billing", "others"), shard(0));
        assertFails(ResourceNotFoundException.class, stranger.over::join);
    }

    @Test
    void a_subscription_of_a_deleted_stream_fails() {
        Subscribed subscribed = subscribe(consumer(), shard(0));
        delete();
        for (int events = 0; events < 5 && !subscribed.over.isDone(); events++) {
            subscribed.request();
            await(subscribed.arrivals);
        }
        assertFails(ResourceNotFoundException.class, subscribed.over::join);
    }
}
