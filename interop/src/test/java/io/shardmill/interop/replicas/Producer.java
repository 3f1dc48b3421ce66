package io.shardmill.interop.replicas;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Puts the next record of each key again and again, until it is closed. A record's data is its ordinal within its key, from 1. */
final class Producer implements AutoCloseable {

    static final int KEYS = 80;

    static final List<String> NAMES =
            IntStream.range(0, KEYS).mapToObj(key -> "key-" + key).toList();

    private static final long PAUSE_MILLIS = 200;

    private final Feed feed;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> puts;
    private volatile long acknowledged;

    Producer(Feed feed) {
        this.feed = feed;
        this.puts = thread.scheduleWithFixedDelay(this::putNext, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void putNext() {
        long ordinal = acknowledged + 1;
        feed.put(NAMES, String.valueOf(ordinal));
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
