package io.shardmill.spring.event;

import io.shardmill.function.Shard;

/** Something happened to a shard of a mapping. Events carry no payloads. */
public sealed interface MappingEvent permits ShardStarted, ShardEnded, LaneStuck, LaneUnstuck, BatchDiscarded {

    /** The mapping's name. */
    String mapping();

    Shard shard();
}
