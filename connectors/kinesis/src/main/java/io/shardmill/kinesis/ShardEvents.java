package io.shardmill.kinesis;

import java.util.List;
import software.amazon.awssdk.services.kinesis.model.ChildShard;

/** What readers learn that concerns the whole stream. Called on any thread. */
interface ShardEvents {

    /** A shard was read to its end. */
    void ended(List<ChildShard> children);

    /** The stream was deleted, or is another one now. */
    void gone();
}
