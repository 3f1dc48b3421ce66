package io.shardmill.aws.kinesis;

import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import java.util.List;

/** Writes the children of a closed shard, which a reader continues with. */
final class ChildShards {

    private ChildShards() {}

    static void write(ResponseWriter response, StreamInfo stream, String shardId) {
        List<ShardInfo> children = stream.shards().stream()
                .filter(shard -> shard.parents().contains(shardId))
                .toList();
        response.each(
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
