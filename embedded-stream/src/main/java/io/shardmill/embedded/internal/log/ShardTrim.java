package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.metadata.SegmentChange;
import io.shardmill.embedded.internal.metadata.StreamFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Takes the oldest segments off a shard's list. Used by the log thread only. */
final class ShardTrim {

    private final ShardAppender shard;
    private final ShardLog log;
    private final StreamFolder folder;

    ShardTrim(ShardAppender shard, StreamFolder folder) {
        this.shard = shard;
        this.log = shard.log();
        this.folder = folder;
    }

    /** Trims what arrived before the horizon, and returns the files that are no longer needed. */
    List<Path> run(long horizonMillis, long nowMillis) throws IOException {
        if (isAllOlderThan(horizonMillis) && log.meta().isOpen()) {
            // An empty segment stays behind: it remembers what was trimmed.
            SegmentRoll roll = shard.roll(nowMillis);
            folder.append(List.of(roll.change()));
            shard.noted(roll);
        }
        Segment[] segments = log.segments();
        int old = 0;
        while (old + 1 < segments.length && segments[old + 1].header().earlierMaxMillis() < horizonMillis) {
            old++;
        }
        if (old > 0) {
            long through = segments[old - 1].lastCounter();
            folder.append(List.of(new SegmentChange.Trimmed(log.shard(), through, segments[old].base())));
            log.trimmed(old);
        }
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < old; i++) {
            files.add(segments[i].file());
        }
        return files;
    }

    private boolean isAllOlderThan(long horizonMillis) {
        Segment[] segments = log.segments();
        return segments.length > 0
                && log.tip().millis() < horizonMillis
                && log.tip().counter() > segments[0].header().previousCounter();
    }
}
