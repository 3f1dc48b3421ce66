package io.shardmill.aws.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardRequest;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/** What a subscription has received. */
final class Received {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final List<SubscribeToShardEvent> events = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private CompletableFuture<Void> done = new CompletableFuture<>();

    private Received() {}

    static Received from(KinesisAsyncClient client, Consumer<SubscribeToShardRequest.Builder> request) {
        Received received = new Received();
        received.done = client.subscribeToShard(
                request,
                SubscribeToShardResponseHandler.builder()
                        .onResponse(response -> received.begun.complete(null))
                        .subscriber(event -> received.events.add((SubscribeToShardEvent) event))
                        .build());
        return received;
    }

    List<SubscribeToShardEvent> events() {
        return events;
    }

    SubscribeToShardEvent lastEvent() {
        return events.get(events.size() - 1);
    }

    List<Record> records() {
        return events.stream().flatMap(event -> event.records().stream()).toList();
    }

    List<String> texts() {
        return records().stream().map(record -> record.data().asUtf8String()).toList();
    }

    boolean isDone() {
        return done.isDone();
    }

    /** The client has been told that it is subscribed. */
    void awaitBegun() {
        await().atMost(TIMEOUT).until(begun::isDone);
    }

    void awaitTexts(String... texts) {
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(texts()).containsExactly(texts));
    }

    void awaitDone() {
        await().atMost(TIMEOUT).until(done::isDone);
    }

    /** What a done subscription failed with; null if it ended well. */
    @Nullable
    Throwable failure() {
        try {
            done.join();
            return null;
        } catch (CompletionException e) {
            return e.getCause();
        }
    }
}
