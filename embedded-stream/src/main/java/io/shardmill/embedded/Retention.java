package io.shardmill.embedded;

import io.shardmill.embedded.internal.log.LiveStream;
import io.shardmill.embedded.internal.log.ShardAppender;
import io.shardmill.embedded.internal.metadata.ShardMeta;
import io.shardmill.embedded.internal.metadata.StreamFolder;
import io.shardmill.embedded.internal.metadata.StreamMeta;
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
    private final StreamFolder folder;
    private final Clock clock;

    Retention(LiveStreams streams, StreamFolder folder, Clock clock) {
        this.streams = streams;
        this.folder = folder;
        this.clock = clock;
    }

    void applyAndLog() {
        try {
            apply();
        } catch (IOException | RuntimeException e) {
            LOG.warn("Could not delete what is older than the retention; tried again later", e);
        }
    }

    void apply() throws IOException {
        for (LiveStream stream : streams.all()) {
            long horizon = clock.millis() - stream.meta().retention().toMillis();
            for (ShardAppender shard : stream.shards()) {
                shard.trim(folder, horizon, clock.millis()).forEach(this::delete);
            }
            expire(stream, horizon);
        }
        if (folder.isMostlyChanges()) {
            streams.storeAgain();
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
            List<Path> files = shard.log().files();
            stream.expired(changed, shard);
            files.forEach(this::delete);
        }
        streams.listeners().changed(stream.name());
    }

    private void delete(Path file) {
        streams.recoveryLog().forget(file);
        try {
            streams.deletions().run(() -> Files.deleteIfExists(file));
        } catch (IOException e) {
            LOG.warn("Could not delete {}, whose records are no longer kept; delete it by hand", file, e);
        }
    }
}
