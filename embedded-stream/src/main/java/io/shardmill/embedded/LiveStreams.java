package io.shardmill.embedded;

import io.shardmill.embedded.internal.log.LiveStream;
import io.shardmill.embedded.internal.log.RecoveryLog;
import io.shardmill.embedded.internal.log.ShardAppender;
import io.shardmill.embedded.internal.log.ShardLog;
import io.shardmill.embedded.internal.log.StreamLogs;
import io.shardmill.embedded.internal.metadata.FolderMeta;
import io.shardmill.embedded.internal.metadata.LastRun;
import io.shardmill.embedded.internal.metadata.SequenceNumbers;
import io.shardmill.embedded.internal.metadata.ShardMeta;
import io.shardmill.embedded.internal.metadata.ShardSegments;
import io.shardmill.embedded.internal.metadata.StoredFolder;
import io.shardmill.embedded.internal.metadata.StreamFolder;
import io.shardmill.embedded.internal.metadata.StreamMeta;
import io.shardmill.embedded.model.StreamRequestException;
import io.shardmill.function.Shard;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the folder's streams. Any thread looks them up; the log thread alone changes them: first what is stored,
 * durably, then what readers and writers see.
 */
final class LiveStreams {

    private static final Logger LOG = LoggerFactory.getLogger(LiveStreams.class);

    private final EmbeddedStreamsSettings settings;
    private final StreamFolder folder;
    private final StreamLogs logs;
    private final ChangeListeners listeners = new ChangeListeners();
    private final DeferredDeletions deletions = new DeferredDeletions();
    private final Map<String, LiveStream> streams = new ConcurrentSkipListMap<>();
    /** The opening number that this opening began with; 0 while the folder is not open. */
    private int openedAt;
    /** The largest counter of a deleted stream: one created in the same second under its name continues above it. */
    private long deletedThrough;

    private long firstCounter;

    LiveStreams(EmbeddedStreamsSettings settings, StreamFolder folder, StreamLogs logs) {
        this.settings = settings;
        this.folder = folder;
        this.logs = logs;
    }

    /** @throws StreamRequestException if there is no such stream */
    LiveStream get(String name) {
        LiveStream stream = streams.get(name);
        if (stream == null) {
            throw StreamRequestException.noStream(name);
        }
        return stream;
    }

    /** @throws StreamRequestException if there is no such stream */
    LiveStream getByArn(String arn) {
        LiveStream stream = streams.get(arn.substring(arn.lastIndexOf('/') + 1));
        if (stream == null || !stream.arn().equals(arn)) {
            throw StreamRequestException.notFound("there is no embedded stream with the ARN " + arn);
        }
        return stream;
    }

    @Nullable
    LiveStream find(String name) {
        return streams.get(name);
    }

    /** @throws StreamRequestException if there is no such stream, or it has no such shard */
    ShardLog shard(String streamName, String shardId) {
        ShardLog shard = get(streamName).shard(shardId);
        if (shard == null) {
            throw StreamRequestException.notFound(
                    "there is no shard '" + shardId + "' in embedded stream '" + streamName + "', or not any more");
        }
        return shard;
    }

    List<LiveStream> all() {
        return List.copyOf(streams.values());
    }

    RecoveryLog recoveryLog() {
        return logs.recoveryLog();
    }

    ChangeListeners listeners() {
        return listeners;
    }

    // Log thread only.

    /** Returns all that is stored, marked as cleanly stopped, because nothing may be missing in a copy. */
    StoredFolder stored() {
        return new StoredFolder(
                folder.version(), folder.meta().with(folder.meta().lastRun().stop()), segments());
    }

    DeferredDeletions deletions() {
        return deletions;
    }

    /**
     * Locks the folder, recovers its streams, and makes a larger opening number durable before anything can be put.
     *
     * @throws StreamFolderException if what is there can't be all that was stored, but for single shards' records
     */
    void open() throws IOException {
        StoredFolder loaded = folder.open();
        int opening = openingAfter(loaded.meta().opening());
        firstCounter = SequenceNumbers.firstCounterOf(opening);
        recoveryLog().begin(settings.folder(), loaded.meta().lastRun());
        LeftoverFolders left = new LeftoverFolders(settings.folder());
        for (StreamMeta stream : loaded.meta().streams().values()) {
            left.restore(stream);
            streams.put(stream.name(), logs.recover(arnOf(stream.name()), stream, loaded, firstCounter));
        }
        left.refuseUnknown(loaded.meta().streams().values());
        store(loaded.meta().withOpening(opening).with(LastRun.begin(settings.durability())));
        openedAt = opening;
        left.delete();
    }

    void renewOpeningAndLog() {
        try {
            renewOpening();
        } catch (IOException | RuntimeException e) {
            LOG.warn("Could not store a new opening number; tried again later", e);
        }
    }

    /** Numbers all shards from another opening number on, long before one of them has used this one up. */
    void renewOpening() throws IOException {
        for (LiveStream stream : streams.values()) {
            if (stream.shards().stream().anyMatch(ShardAppender::needsOpening)) {
                renumber();
                return;
            }
        }
    }

    private void renumber() throws IOException {
        int opening = openingAfter(folder.meta().opening());
        store(folder.meta().withOpening(opening));
        firstCounter = SequenceNumbers.firstCounterOf(opening);
        for (LiveStream stream : streams.values()) {
            stream.shards().forEach(shard -> shard.numberFrom(firstCounter));
        }
    }

    private int openingAfter(int last) {
        return OpeningNumbers.after(last, settings.clock().instant());
    }

    private String arnOf(String name) {
        return settings.scope().streamArn(name);
    }

    /** Makes the log of a shard that resharding opens. */
    ShardAppender newShard(LiveStream stream, ShardMeta shard) {
        return stream.newShard(shard, firstCounter);
    }

    LiveStream create(StreamMeta meta) throws IOException {
        String name = meta.name();
        LiveStream stream = logs.create(arnOf(name), meta, Math.max(firstCounter, deletedThrough + 1));
        store(folder.meta().with(meta));
        streams.put(name, stream);
        listeners.changed(name);
        return stream;
    }

    /** Deletes the stream. Its folder is renamed first, so that an unknown folder is never one of ours. */
    void delete(LiveStream stream) throws IOException {
        for (ShardAppender shard : stream.shards()) {
            deletedThrough = Math.max(deletedThrough, shard.close());
        }
        Path records = stream.folder();
        Path toBeDeleted = LeftoverFolders.toBeDeleted(records);
        Files.move(records, toBeDeleted);
        try {
            store(folder.meta().without(stream.name()));
        } catch (IOException | RuntimeException e) {
            Files.move(toBeDeleted, records);
            throw e;
        }
        streams.remove(stream.name());
        stream.deleted();
        recoveryLog().forgetStream(stream.name());
        listeners.changed(stream.name());
        deletions.run(() -> Folders.delete(toBeDeleted));
    }

    /** Stores what {@code change} makes of the stream's description, and only then shows it. */
    StreamMeta change(LiveStream stream, Function<StreamMeta, StreamMeta> change) throws IOException {
        StreamMeta changed = change.apply(stream.meta());
        store(folder.meta().with(changed));
        stream.changed(changed);
        return changed;
    }

    /** Stores everything again, with the segments as they are now. */
    void storeAgain() throws IOException {
        store(folder.meta());
    }

    private void store(FolderMeta next) throws IOException {
        folder.store(next, segments());
    }

    private Map<Shard, ShardSegments> segments() {
        Map<Shard, ShardSegments> segments = new HashMap<>();
        for (LiveStream stream : streams.values()) {
            for (ShardAppender shard : stream.shards()) {
                segments.put(shard.log().shard(), shard.log().stored());
            }
        }
        return segments;
    }

    /** Stores that the stop was clean and closes all files and the folder. */
    void shut() throws IOException {
        deletions.runDeferred();
        try {
            if (openedAt > 0 && sealAll()) {
                store(folder.meta().with(folder.meta().lastRun().stop()));
            }
        } catch (IOException e) {
            LOG.warn("Could not store that {} was closed cleanly; the next opening checks it", settings.folder(), e);
        } finally {
            streams.values().forEach(LiveStream::shut);
            folder.close();
        }
    }

    /** Returns whether all is on the disk. */
    private boolean sealAll() throws IOException {
        boolean all = true;
        long first = SequenceNumbers.firstCounterOf(openedAt);
        for (LiveStream stream : streams.values()) {
            all &= stream.seal(first);
        }
        return all;
    }
}
