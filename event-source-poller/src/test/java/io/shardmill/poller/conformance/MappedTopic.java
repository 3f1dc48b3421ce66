package io.shardmill.poller.conformance;

import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.NotInvokedException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A topic of two partitions, which begin without records, and a mapping of it onto a function whose report counts. */
public interface MappedTopic extends AutoCloseable {

    /** The destination whose batches are {@link #discarded}. */
    String DESTINATION = "discarded";

    /** What the function does. */
    interface Handler {

        /**
         * Handles a batch.
         *
         * @throws NotInvokedException if it is throttled; all else that it throws is a failed invocation
         */
        Answer invoke(Invocation invocation) throws Exception;
    }

    /** Returns the mapping with the defaults. */
    EventSourceMapping mapping();

    void put(int partition, String key, String text, Instant timestamp);

    /** Gives the function another timeout than Lambda's longest; to be called before it is started. */
    void timeout(Duration timeout);

    /** Starts the mapping; one that runs already is stopped before, and what it has saved is kept. */
    void start(EventSourceMapping mapping, Handler handler);

    /** Waits until all that was put is finished; a minute in virtual time. */
    void drain();

    /** Waits until it is so. */
    void await(BooleanSupplier condition);

    /** Returns the time of the clock that the mapping goes by. */
    Instant now();

    List<DiscardedBatch> discarded();

    /** Asserts that the checkpoint has so many records of a partition as finished, now or soon. */
    void assertFinished(int partition, long records);

    /** Called by the handler: its invocation lasts so long, or a little longer than its timeout. */
    void take(Duration duration) throws InterruptedException;

    /** Called by the handler: returns the invocations that have begun and not ended, its own included. */
    List<Invocation> running();

    @Override
    void close();
}
