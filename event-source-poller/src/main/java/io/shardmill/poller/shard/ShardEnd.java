package io.shardmill.poller.shard;

/** Why a shard's consumer is over. */
public enum ShardEnd {
    /** The shard is closed, everything of it is finished, and that is saved: its children may start. */
    ENDED,
    /** As it was told to. Everything it acknowledged is saved, unless it was abandoned. */
    STOPPED,
    /** Somebody else has the shard. */
    LOST,
    /** The stream was deleted. */
    GONE,
    /** By a fault of its own, after all its invocations had returned. */
    CRASHED
}
