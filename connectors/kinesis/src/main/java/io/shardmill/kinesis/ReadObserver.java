package io.shardmill.kinesis;

import io.shardmill.function.Shard;

/** Observes requests for records. Called on any thread, never for long. */
public interface ReadObserver {

    /** Ignores everything. */
    ReadObserver NONE = new ReadObserver() {};

    /**
     * A read was answered, or a subscription brought an event.
     *
     * @param records as they are stored, before aggregated ones are unpacked
     * @param bytes of their data
     * @param millisBehindLatest how far this answer is behind the shard's tip; 0 at the tip
     */
    default void read(Shard shard, int records, long bytes, long millisBehindLatest) {}

    /**
     * Records of an aggregated record were dropped: their hash keys are not of the shard that they came in.
     *
     * @param records how many, at least 1
     */
    default void strayed(Shard shard, int records) {}

    /** A read was refused because the shard's readers together ask for too much. */
    default void throttled(Shard shard) {}

    /** A read failed, and is tried again. */
    default void failed(Shard shard) {}

    /** A shard was subscribed to: at first, after five minutes, and after each failure. */
    default void subscribed(Shard shard) {}

    /** A shard was read to its end, or its stream was deleted. Only another mapping that still reads it reports more of it. */
    default void ended(Shard shard) {}
}
