package io.shardmill.embedded.model;

/** Selects how Kinesis manages a stream's capacity. Here it only decides whether the shards can be resharded by hand. */
public enum StreamMode {
    /** Its shards are split, merged and counted by their owner. */
    PROVISIONED,
    /** Its shards are Kinesis's affair: they can't be resharded by hand. Here they stay as they were created. */
    ON_DEMAND
}
