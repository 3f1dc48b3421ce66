package io.shardmill.benchmarks;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.kafka.KafkaClients;
import io.shardmill.kafka.KafkaNaming;
import io.shardmill.kafka.KafkaStream;
import io.shardmill.kafka.KafkaStreams;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.runtime.BatchFunction;
import io.shardmill.runtime.arn.AwsScope;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An application with Shardmill's starter and a mapping of the topic: its checkpoints are durable, in an H2 file. */
final class MappedTopic implements Contestant {

    private static final String MAPPING = "reader";
    private static final String STREAM = "read";

    private final KafkaStreams streams;
    private final SpringRuntime application;

    private MappedTopic(ConsumeOrder order, Path data, BatchFunction function) {
        streams = new KafkaStreams(
                Map.of(STREAM, KafkaStream.of(order.topic())),
                KafkaClients.of(order.bootstrapServers()),
                new KafkaNaming("benchmarks", Map.of(MAPPING, order.group()), AwsScope.DEFAULT));
        application = new SpringRuntime(streams, function, data.resolve(order.group()));
        application
                .mappings()
                .start(
                        EventSourceMapping.of(MAPPING, STREAM)
                                .withFunction(SpringRuntime.FUNCTION)
                                .with(Batching.defaults()
                                        .withBatchSize(order.batch())
                                        .withFactor(order.parallelism() / order.partitions()))
                                .with(FailureHandling.defaults()
                                        .withMaximumRetryAttempts(ConsumeOrder.RETRIES)
                                        .withBisect()),
                        StartOptions.FROM_CHECKPOINTS);
    }

    /** Its function throws where it fails. */
    static MappedTopic throwing(ConsumeOrder order, Consumed function, Path data) {
        return new MappedTopic(order, data, new Function(batch -> {
            function.accept(stamped(batch));
            return Result.success();
        }));
    }

    /** Its function says which record of a batch has failed. */
    static MappedTopic telling(ConsumeOrder order, Consumed function, Path data) {
        return new MappedTopic(order, data, new Function(batch -> {
            int failure = function.acceptUpToPoison(stamped(batch));
            return failure < batch.size() ? Result.failedFrom(batch.get(failure)) : Result.success();
        }));
    }

    private interface Body {

        Result invoke(List<Record> batch) throws Exception;
    }

    private record Function(Body body) implements BatchFunction {

        @Override
        public Result invoke(List<Record> batch) throws Exception {
            return body.invoke(batch);
        }

        @Override
        public boolean reportsItemFailures() {
            return true;
        }
    }

    private static List<StampedRecord> stamped(List<Record> batch) {
        return batch.stream()
                .map(Record::data)
                .map(data -> StampedRecord.of(data))
                .toList();
    }

    @Override
    public void close() {
        application.close();
        streams.close();
    }
}
