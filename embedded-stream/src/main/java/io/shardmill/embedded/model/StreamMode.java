package io.shardmill.embedded.model;

/** How Kinesis would manage a stream's capacity. Here it is remembered, and decides who may reshard. */
public enum StreamMode {
    /** Its shards are split, merged and counted by their owner. */
    PROVISIONED,
    /** Its shards are Kinesis's affair: they can't be resharded by hand. Here they stay as they were created. */
    ON_DEMAND
}
