package io.shardmill.poller.checkpoint;

/** What a mapping does with a shard. */
public enum ShardState {
    /** It is read, now or as soon as its parents have ended. */
    READING,
    /** It is closed, and everything of it is finished: its children may start. */
    ENDED,
    /** It lies before the mapping's starting position and is not read. */
    SKIPPED
}
