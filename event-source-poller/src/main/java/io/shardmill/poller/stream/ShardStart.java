package io.shardmill.poller.stream;

/** Where a mapping begins a shard, if it reads it at all. */
public sealed interface ShardStart {

    ShardStart SKIP = new Skip();

    /** Read from there on. */
    record From(Position position) implements ShardStart {}

    /** Not read: all its records are older than the mapping's starting position. */
    record Skip() implements ShardStart {}

    static ShardStart from(Position position) {
        return new From(position);
    }
}
