package io.shardmill.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes whole segments whose records are all older than the stream keeps them, and closed shards that
 * have been closed for so long. Used by the log thread only.
 */
final class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final LiveStreams streams;
    private final Clock clock;

    Retention(LiveStreams streams, Clock clock) {
        this.streams = streams;
        this.clock = clock;
    }

    void applyAndLog() {
        try {
            apply();
        } catch (IOException | RuntimeException e) {
            LOG.warn("could not delete what is older than the retention; tried again later", e);
        }
    }

    void apply() throws IOException {
        for (LiveStream stream : streams.all()) {
            long horizon = clock.millis() - stream.meta().retention().toMillis();
            for (ShardAppender shard : stream.shards()) {
                trim(shard, horizon);
            }
            expire(stream, horizon);
        }
    }

    private void trim(ShardAppender shard, long horizon) throws IOException {
        ShardLog log = shard.log();
        Segment[] segments = log.segments();
        boolean allOld = segments.length > 0
                && log.tip().millis() < horizon
                && log.tip().counter() > segments[0].header().previousCounter();
        if (allOld && log.meta().isOpen()) {
            // An empty segment stays behind: it remembers what was trimmed.
            shard.roll(clock.millis());
            segments = log.segments();
        }
        int old = 0;
        while (old + 1 < segments.length && segments[old + 1].header().earlierMaxMillis() < horizon) {
            old++;
        }
        if (old > 0) {
            log.trimmed(old);
        }
        for (int i = 0; i < old; i++) {
            delete(segments[i].file());
        }
    }

    private void expire(LiveStream stream, long horizon) throws IOException {
        List<ShardAppender> expired = new ArrayList<>();
        for (ShardAppender shard : stream.shards()) {
            ShardMeta.Closing closing = shard.log().meta().closing();
            if (closing != null && closing.millis() < horizon) {
                expired.add(shard);
            }
        }
        if (expired.isEmpty()) {
            return;
        }
        StreamMeta changed = streams.change(
                stream,
                meta -> meta.without(shard ->
                        expired.stream().anyMatch(gone -> gone.log().meta().index() == shard.index())));
        for (ShardAppender shard : expired) {
            Segment[] segments = shard.log().segments();
            stream.expired(changed, shard);
            for (Segment segment : segments) {
                delete(segment.file());
            }
        }
        streams.listeners().changed(stream.name());
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("could not delete {}, whose records are no longer kept; delete it by hand", file, e);
        }
    }
}
