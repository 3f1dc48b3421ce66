package io.shardmill.benchmarks;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.kinesis.Deaggregation;
import io.shardmill.kinesis.KinesisLocation;
import io.shardmill.kinesis.KinesisStream;
import io.shardmill.kinesis.KinesisStreams;
import io.shardmill.kinesis.Polling;
import io.shardmill.kinesis.ReadObserver;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.runtime.BatchFunction;
import io.shardmill.runtime.arn.AwsScope;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** An application with Shardmill's starter: its checkpoints are durable, in an H2 file. */
final class MappingReader implements ReaderUnderTest {

    /** The retries of a batch that fails. */
    private static final int RETRIES = 2;

    private final KinesisStreams streams;
    private final SpringRuntime application;

    MappingReader(ReadOrder order, Endpoints endpoints, Path data, Received received) {
        boolean isFanOut = order.access() == ReadOrder.Access.FAN_OUT;
        KinesisLocation location =
                new KinesisLocation(Endpoints.REGION, endpoints.kinesis(), Endpoints.ANYBODY, endpoints.isHttp2());
        KinesisStream stream = new KinesisStream(
                order.stream(),
                isFanOut ? order.application() : null,
                location,
                Polling.defaults(),
                Deaggregation.AS_LAMBDA);
        streams = new KinesisStreams(
                Map.of("read", stream), location, AwsScope.DEFAULT, Clock.systemUTC(), ReadObserver.NONE);
        application = new SpringRuntime(streams, new Handler(received), data.resolve(order.application()));
        FailureHandling failures = order.poison() < 0
                ? FailureHandling.defaults()
                : FailureHandling.defaults().withMaximumRetryAttempts(RETRIES).withBisect();
        application
                .mappings()
                .start(
                        EventSourceMapping.of("reader", "read")
                                .withFunction(SpringRuntime.FUNCTION)
                                .with(Batching.defaults().withBatchSize(order.batch()))
                                .with(failures),
                        StartOptions.FROM_CHECKPOINTS);
    }

    @Override
    public void close() {
        application.close();
        streams.close();
    }

    private record Handler(Received received) implements BatchFunction {

        @Override
        public Result invoke(List<Record> batch) {
            received.accept(batch.stream().map(Record::data).map(StampedRecord::of).toList());
            return Result.success();
        }

        @Override
        public boolean reportsItemFailures() {
            return true;
        }
    }
}
