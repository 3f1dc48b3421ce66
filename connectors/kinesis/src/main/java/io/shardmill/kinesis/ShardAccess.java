package io.shardmill.kinesis;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The way to a stream's records: polling, or a consumer's subscriptions. Thread-safe. */
interface ShardAccess {

    /**
     * Returns the ARN that events show, and prepares what reading needs. Waits for Kinesis.
     *
     * @throws io.shardmill.poller.stream.StreamNotFoundException if there is no such consumer
     * @throws io.shardmill.poller.stream.StreamUnavailableException if it is not ready yet, or can't be asked
     */
    String prepare(String streamArn);

    /** Returns what answers whether a reader that is opened now can go on as long as the stream exists. */
    Supplier<CompletableFuture<Boolean>> existence();

    /** Opens a reader of a stream that was {@linkplain #prepare prepared}. */
    KinesisReader open(ReadShard read, RecordReading reading, Runnable wake);
}
