package io.shardmill.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** What a person would write without a library: one consumer, one thread, a batch a poll, which is tried again where it fails. */
final class PollLoop implements Contestant {

    private final ConsumeOrder order;
    private final Consumed function;
    private final boolean isCommitting;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final Thread thread = new Thread(this::run, "poll-loop");

    PollLoop(ConsumeOrder order, Consumed function, boolean isCommitting) {
        this.order = order;
        this.function = function;
        this.isCommitting = isCommitting;
        this.consumer = new KafkaConsumer<>(order.consumer());
        thread.start();
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(List.of(order.topic()));
            while (!isClosed.get()) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(500));
                if (!records.isEmpty()) {
                    handle(records);
                    if (isCommitting) {
                        consumer.commitSync();
                    }
                }
            }
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    /** Returns when it is handled, or has failed as often as it may. */
    private void handle(ConsumerRecords<byte[], byte[]> records) throws InterruptedException {
        List<StampedRecord> batch = new ArrayList<>(records.count());
        records.forEach(record -> batch.add(StampedRecord.of(record.value())));
        for (int left = 1 + ConsumeOrder.RETRIES; left > 0 && !isHandled(batch); left--) {}
    }

    private boolean isHandled(List<StampedRecord> batch) throws InterruptedException {
        try {
            function.accept(batch);
            return true;
        } catch (PoisonException failure) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        isClosed.set(true);
        thread.join();
    }
}
