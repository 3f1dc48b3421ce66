package io.shardmill.benchmarks;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import io.confluent.parallelconsumer.PollContext;
import io.confluent.parallelconsumer.RecordContext;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Confluent's parallel-consumer in the order of keys. It tries for ever: its user counts failures, and gives up. */
final class KeyedConsumer implements Contestant {

    /** Where records are handed over in batches. */
    static final int BATCH = 100;

    private final ParallelStreamProcessor<byte[], byte[]> processor;
    private final Consumed function;

    KeyedConsumer(ConsumeOrder order, Consumed function, int batch) {
        this.function = function;
        this.processor =
                ParallelStreamProcessor.createEosStreamProcessor(ParallelConsumerOptions.<byte[], byte[]>builder()
                        .consumer(new KafkaConsumer<>(order.consumer()))
                        .ordering(ProcessingOrder.KEY)
                        .commitMode(CommitMode.PERIODIC_CONSUMER_ASYNCHRONOUS)
                        .maxConcurrency(order.parallelism())
                        .batchSize(batch)
                        .build());
        processor.subscribe(List.of(order.topic()));
        processor.poll(this::accept);
    }

    private void accept(PollContext<byte[], byte[]> context) {
        List<StampedRecord> batch = context.stream()
                .filter(record -> record.getNumberOfFailedAttempts() <= ConsumeOrder.RETRIES)
                .map(RecordContext::value)
                .map(StampedRecord::of)
                .toList();
        try {
            if (!batch.isEmpty()) {
                function.accept(batch);
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        processor.closeDrainFirst();
    }
}
