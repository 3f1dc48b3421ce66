package io.shardmill.embedded;

import io.shardmill.embedded.internal.log.LiveStream;
import io.shardmill.embedded.internal.log.LogThread;
import io.shardmill.embedded.internal.metadata.HashRange;
import io.shardmill.embedded.internal.metadata.ShardMeta;
import io.shardmill.embedded.internal.metadata.StreamMeta;
import io.shardmill.embedded.model.StreamConfig;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamMode;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.embedded.model.StreamRequestException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates, changes and deletes streams, each in one step on the log thread. Thread-safe. */
final class StreamAdministration {

    private static final Logger LOG = LoggerFactory.getLogger(StreamAdministration.class);

    private final EmbeddedStreamsSettings settings;
    private final LiveStreams streams;
    private final LogThread thread;
    private final Retention retention;
    private final Resharder resharder;

    StreamAdministration(EmbeddedStreamsSettings settings, LiveStreams streams, LogThread thread, Retention retention) {
        this.settings = settings;
        this.streams = streams;
        this.thread = thread;
        this.retention = retention;
        this.resharder = new Resharder(streams, settings.clock());
    }

    StreamInfo create(String name, StreamOptions options) {
        requireName(name);
        return thread.call(() -> {
            if (streams.find(name) != null) {
                throw StreamRequestException.inUse(
                        "Stream " + name + " under account " + settings.scope().accountId() + " already exists.");
            }
            return StreamInfos.of(createNew(name, options));
        });
    }

    StreamInfo ensure(String name, StreamOptions options) {
        requireName(name);
        return thread.call(() -> {
            LiveStream present = streams.find(name);
            return StreamInfos.of(present != null ? present : createNew(name, options));
        });
    }

    private LiveStream createNew(String name, StreamOptions options) throws IOException {
        LiveStream created = streams.create(newStream(name, options, settings));
        LOG.info("Created embedded stream '{}' with {} shards", name, options.shards());
        return created;
    }

    static StreamMeta newStream(String name, StreamOptions options, EmbeddedStreamsSettings settings) {
        Instant now = settings.clock().instant();
        List<ShardMeta> shards = new ArrayList<>();
        for (HashRange range : HashRange.evenly(options.shards())) {
            shards.add(new ShardMeta(shards.size(), now.getEpochSecond(), range, List.of(), null));
        }
        Duration chosen = options.retention();
        StreamConfig config = new StreamConfig(
                now.truncatedTo(ChronoUnit.MILLIS),
                options.mode(),
                options.maxRecordBytes(),
                chosen == null ? settings.retention() : chosen,
                options.tags(),
                new TreeMap<>());
        return new StreamMeta(name, UUID.randomUUID(), config, List.of(), shards.size(), shards);
    }

    private static void requireName(String name) {
        if (!StreamMeta.isName(name)) {
            throw StreamRequestException.invalid(
                    "stream name '" + name + "': must be 1 to 128 letters, digits, '_', '.' or '-'");
        }
    }

    void deleteWithoutConsumers(String name) {
        thread.run(() -> {
            LiveStream stream = streams.get(name);
            if (!stream.meta().consumers().isEmpty()) {
                throw StreamRequestException.inUse("stream '" + name + "' has registered consumers: deregister them, or"
                        + " use deleteStreamAndConsumers");
            }
            streams.delete(stream);
        });
        LOG.info("Deleted embedded stream '{}'", name);
    }

    void delete(String name) {
        thread.run(() -> streams.delete(streams.get(name)));
        LOG.info("Deleted embedded stream '{}'", name);
    }

    /** A split, a merge or a scaling. */
    interface Reshard {
        void apply(Resharder resharder) throws IOException;
    }

    void reshard(Reshard change) {
        thread.run(() -> change.apply(resharder));
    }

    void close(String stream) {
        boolean wasOpen = !streams.get(stream).isClosed();
        reshard(draft -> draft.close(stream));
        if (wasOpen) {
            LOG.info("Closed embedded stream '{}' to puts", stream);
        }
    }

    void updateMaxRecordBytes(String stream, int bytes) {
        StreamOptions.checkMaxRecordBytes(bytes);
        update(stream, config -> config.withMaxRecordBytes(bytes));
    }

    void updateIgnored(String stream, UnaryOperator<Map<String, String>> change) {
        update(stream, config -> config.withIgnored(change.apply(config.ignored())));
    }

    void updateMode(String stream, StreamMode mode) {
        update(stream, config -> config.withMode(mode));
    }

    void updateRetention(String stream, UnaryOperator<Duration> change) {
        update(stream, config -> {
            Duration kept = change.apply(config.retention());
            StreamOptions.checkRetention(kept);
            return config.withRetention(kept);
        });
    }

    private void update(String stream, UnaryOperator<StreamConfig> change) {
        thread.run(() -> streams.change(streams.get(stream), meta -> meta.with(change.apply(meta.config()))));
    }

    void applyRetention() {
        thread.run(retention::apply);
    }
}
