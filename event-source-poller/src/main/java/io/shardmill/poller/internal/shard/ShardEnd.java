package io.shardmill.poller.internal.shard;

/** The reason why a shard's consumer has ended. */
public enum ShardEnd {
    /** The shard is closed, everything of it is finished, and that is saved: its children may start. */
    ENDED,
    /** It was stopped. Everything it acknowledged is saved, unless it was abandoned. */
    STOPPED,
    /** Another process has the shard. */
    LOST,
    /** The stream was deleted. */
    GONE,
    /** A fault of its own ended it, after all its invocations had returned. */
    CRASHED
}
