package io.shardmill.kinesis;

import io.shardmill.poller.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamConsumerRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamConsumerResponse;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryResponse;
import software.amazon.awssdk.services.kinesis.model.GetRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.RegisterStreamConsumerRequest;
import software.amazon.awssdk.services.kinesis.model.RegisterStreamConsumerResponse;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardRequest;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/**
 * Kinesis in virtual time: a client of a {@link FakeKinesisServer}, with latency and failures in both directions.
 * A call that waits for its response lets time pass, and with it everything else that is due.
 */
final class FakeKinesis implements KinesisAsyncClient {

    private static final long PATIENCE_MILLIS = 10_000;

    private final FakeKinesisServer server;
    private final VirtualTime time;
    private final KinesisTrouble trouble;
    private final List<FakeSubscription> subscriptions = new ArrayList<>();

    FakeKinesis(FakeKinesisServer server, VirtualTime time, KinesisTrouble trouble) {
        this.server = server;
        this.time = time;
        this.trouble = trouble;
    }

    /** A response in transit. */
    private final class Answer<T> extends CompletableFuture<T> {

        @Override
        public T join() {
            while (!isDone() && time.step(Long.MAX_VALUE)) {}
            return super.join();
        }
    }

    private <T> CompletableFuture<T> ask(boolean isRead, Supplier<T> request) {
        Answer<T> answer = new Answer<>();
        if (trouble.isUnheard()) {
            if (trouble.isServedUnheard()) {
                time.after(trouble.latency(), () -> serve(isRead, request, new Answer<>()));
            }
            time.after(PATIENCE_MILLIS, () -> answer.completeExceptionally(KinesisTrouble.timeout(PATIENCE_MILLIS)));
        } else {
            time.after(trouble.latency(), () -> serve(isRead, request, answer));
        }
        return answer;
    }

    private <T> void serve(boolean isRead, Supplier<T> request, Answer<T> answer) {
        long back = trouble.latency();
        try {
            SdkException refusal = trouble.refusal(isRead);
            if (refusal != null) {
                throw refusal;
            }
            T served = request.get();
            time.after(back, () -> answer.complete(served));
        } catch (SdkException refused) {
            time.after(back, () -> answer.completeExceptionally(refused));
        }
    }

    @Override
    public CompletableFuture<DescribeStreamSummaryResponse> describeStreamSummary(
            DescribeStreamSummaryRequest request) {
        return ask(false, () -> server.summary(request));
    }

    @Override
    public CompletableFuture<ListShardsResponse> listShards(ListShardsRequest request) {
        return ask(false, () -> server.list(request));
    }

    @Override
    public CompletableFuture<GetShardIteratorResponse> getShardIterator(GetShardIteratorRequest request) {
        return ask(false, () -> server.iterator(request));
    }

    @Override
    public CompletableFuture<GetRecordsResponse> getRecords(GetRecordsRequest request) {
        return ask(true, () -> server.records(request));
    }

    @Override
    public CompletableFuture<DescribeStreamConsumerResponse> describeStreamConsumer(
            DescribeStreamConsumerRequest request) {
        return ask(false, () -> server.consumers().describe(request));
    }

    @Override
    public CompletableFuture<RegisterStreamConsumerResponse> registerStreamConsumer(
            RegisterStreamConsumerRequest request) {
        return ask(false, () -> server.consumers().register(request));
    }

    @Override
    public CompletableFuture<Void> subscribeToShard(
            SubscribeToShardRequest request, SubscribeToShardResponseHandler handler) {
        Answer<Void> answer = new Answer<>();
        FakeSubscription subscription = new FakeSubscription(time, trouble, handler, answer);
        subscriptions.add(subscription);
        CompletableFuture<Void> unused = ask(false, () -> {
                    server.subscribe(request, subscription);
                    return true;
                })
                .handle((begun, thrown) -> {
                    if (thrown != null) {
                        handler.exceptionOccurred(thrown);
                        subscription.cancel();
                        answer.completeExceptionally(thrown);
                    }
                    return null;
                });
        return answer;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    /** Cancels all subscriptions. */
    @Override
    public void close() {
        subscriptions.forEach(FakeSubscription::cancel);
    }
}
