package io.shardmill.interop.replicas;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/** Puts the next record of each key again and again, until it is closed. A record's data is its ordinal within its key, from 1. */
final class Producer implements AutoCloseable {

    static final int KEYS = 80;

    private static final long PAUSE_MILLIS = 200;

    private final KinesisClient kinesis;
    private final String stream;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> puts;
    private volatile long acknowledged;

    Producer(KinesisClient kinesis, String stream) {
        this.kinesis = kinesis;
        this.stream = stream;
        this.puts = thread.scheduleWithFixedDelay(this::putNext, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void putNext() {
        long ordinal = acknowledged + 1;
        SdkBytes data = SdkBytes.fromString(String.valueOf(ordinal), UTF_8);
        List<PutRecordsRequestEntry> records = IntStream.range(0, KEYS)
                .mapToObj(key -> PutRecordsRequestEntry.builder()
                        .partitionKey("key-" + key)
                        .data(data)
                        .build())
                .toList();
        int failed = kinesis.putRecords(request -> request.streamName(stream).records(records))
                .failedRecordCount();
        if (failed > 0) {
            throw new IllegalStateException(failed + " puts failed");
        }
        acknowledged = ordinal;
    }

    /** Returns the last ordinal of which the records of all keys are in the stream. */
    long acknowledged() {
        if (puts.isDone()) {
            throw new AssertionError("no puts any more: " + puts);
        }
        return acknowledged;
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            thread.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
