package io.shardmill.poller.checkpoint;

import io.shardmill.function.SequenceNumber;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is finished of a shard: a set of facts. A record is finished if any of them says so.
 *
 * @param watermark everything up to it is finished (the fact of lane 0 of 1); null at the start
 * @param ahead facts above the watermark; empty when nothing is in work
 * @param heads failed heads of lanes
 */
public record Progress(@Nullable SequenceNumber watermark, List<LaneFact> ahead, List<LaneHead> heads) {

    public static final Progress NONE = new Progress(null, List.of(), List.of());

    public Progress {
        ahead = List.copyOf(ahead);
        heads = List.copyOf(heads);
    }
}
