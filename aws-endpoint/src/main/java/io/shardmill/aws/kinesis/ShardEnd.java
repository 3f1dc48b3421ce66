package io.shardmill.aws.kinesis;

import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import java.util.List;

/** What a reader is told at the end of a closed shard: where to read on. */
final class ShardEnd {

    private ShardEnd() {}

    static void tell(Reply reply, StreamInfo stream, String shardId) {
        List<ShardInfo> children = stream.shards().stream()
                .filter(shard -> shard.parents().contains(shardId))
                .toList();
        reply.each(
                "ChildShards",
                children,
                (out, child) -> out.text("ShardId", child.id())
                        .texts("ParentShards", child.parents())
                        .object(
                                "HashKeyRange",
                                () -> out.text(
                                                "StartingHashKey",
                                                child.startingHashKey().toString())
                                        .text(
                                                "EndingHashKey",
                                                child.endingHashKey().toString())));
    }
}
