package io.shardmill.embedded;

import io.shardmill.embedded.internal.log.DirectRead;
import io.shardmill.embedded.internal.log.LogThread;
import io.shardmill.embedded.internal.log.ShardLog;
import io.shardmill.embedded.internal.metadata.StreamMeta;
import io.shardmill.embedded.model.ShardPage;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.StreamSource;
import java.util.Optional;

/** Reads shards directly, and finds the sources that mappings read. Thread-safe. */
final class StreamReads {

    private final EmbeddedStreamsSettings settings;
    private final LiveStreams streams;
    private final LogThread thread;

    StreamReads(EmbeddedStreamsSettings settings, LiveStreams streams, LogThread thread) {
        this.settings = settings;
        this.streams = streams;
        this.thread = thread;
    }

    Optional<StreamSource> find(String nameOrArn) {
        ConsumerArn consumer = ConsumerArn.parse(nameOrArn);
        if (consumer == null) {
            return source(nameOrArn).map(stream -> stream);
        }
        return source(consumer.streamArn())
                .filter(stream -> stream.arn().equals(consumer.streamArn()))
                .map(stream -> new ConsumerSource(consumer, stream, streams));
    }

    private Optional<EmbeddedSource> source(String nameOrArn) {
        String prefix = settings.scope().streamArn("");
        String name = nameOrArn.startsWith(prefix) ? nameOrArn.substring(prefix.length()) : nameOrArn;
        return StreamMeta.isName(name)
                ? Optional.of(new EmbeddedSource(name, settings.scope().streamArn(name), streams, thread))
                : Optional.empty();
    }

    Position latest(String stream, String shardId) {
        return thread.call(() -> Position.after(streams.shard(stream, shardId).tipNumber()));
    }

    ShardPage read(String stream, String shardId, Position from, int maxRecords, int maxBytes) {
        ShardLog shard = streams.shard(stream, shardId);
        return DirectRead.of(shard, from, streams.recoveryLog(), settings.clock())
                .page(maxRecords, maxBytes);
    }
}
