package io.shardmill.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder's streams. Any thread looks them up; the log thread alone changes them: first what is stored,
 * durably, then what readers and writers see.
 */
final class LiveStreams {

    private static final Logger LOG = LoggerFactory.getLogger(LiveStreams.class);
    private static final String DELETED = ".deleted";

    private final EmbeddedStreamsSettings settings;
    private final SegmentWriter.Disk disk;
    private final MetadataFile file;
    private final Findings findings = new Findings();
    private final ChangeListeners listeners = new ChangeListeners();
    private final Map<String, LiveStream> streams = new ConcurrentSkipListMap<>();
    private FolderMeta stored = FolderMeta.EMPTY;
    private @Nullable FolderLock lock;

    LiveStreams(EmbeddedStreamsSettings settings, SegmentWriter.Disk disk) {
        this.settings = settings;
        this.disk = disk;
        this.file = new MetadataFile(settings.folder());
    }

    /** @throws StreamRequestException if there is no such stream */
    LiveStream get(String name) {
        LiveStream stream = streams.get(name);
        if (stream == null) {
            throw notFound(name);
        }
        return stream;
    }

    /** @throws StreamRequestException if there is no such stream */
    LiveStream getByArn(String arn) {
        LiveStream stream = streams.get(settings.scope().nameIn(arn));
        if (stream == null || !stream.arn().equals(arn)) {
            throw StreamRequestException.notFound("there is no embedded stream with the ARN " + arn);
        }
        return stream;
    }

    @Nullable
    LiveStream find(String name) {
        return streams.get(name);
    }

    List<LiveStream> all() {
        return List.copyOf(streams.values());
    }

    Findings findings() {
        return findings;
    }

    ChangeListeners listeners() {
        return listeners;
    }

    static StreamRequestException notFound(String name) {
        return StreamRequestException.notFound(adviceFor(name));
    }

    static String adviceFor(String name) {
        return "there is no embedded stream '" + name + "': create it with createStream or ensureStream, or name it in"
                + " shardmill.streams." + name;
    }

    // Log thread only.

    /** Locks the folder, makes a larger opening number durable before anything can be put, and takes up what is there. */
    void open() throws IOException {
        lock = FolderLock.take(settings.folder());
        FolderMeta loaded = file.load();
        store(loaded.withOpening(loaded.opening() + 1));
        for (StreamMeta stream : stored.streams().values()) {
            streams.put(stream.name(), load(stream));
        }
        numberAboveAllFound();
        removeLeftovers();
    }

    /** Only a copy of {@link MetadataFile} that is older than the records makes a difference here. */
    private void numberAboveAllFound() throws IOException {
        int newest = 0;
        for (LiveStream stream : streams.values()) {
            for (ShardAppender shard : stream.shards()) {
                newest = Math.max(
                        newest, SequenceNumbers.openingOf(shard.log().tip().counter()));
            }
        }
        if (newest < stored.opening()) {
            return;
        }
        store(stored.withOpening(newest + 1));
        for (LiveStream stream : streams.values()) {
            stream.shards().forEach(shard -> shard.numberFrom(SequenceNumbers.firstCounterOf(stored.opening())));
        }
    }

    private LiveStream load(StreamMeta meta) throws IOException {
        SegmentStore store = storeOf(meta);
        if (!Files.isDirectory(store.folder().path())) {
            throw new StreamFolderException("the records of stream '" + meta.name() + "' should be in "
                    + store.folder().path()
                    + ", which is missing: restore it, or create that folder empty to give them up");
        }
        List<ShardAppender> shards = meta.shards().stream()
                .map(shard -> appender(meta, store, shard))
                .toList();
        Map<String, List<SegmentFolder.SegmentFile>> files = store.folder().list();
        Recovery recovery = new Recovery(store, findings, settings.clock().millis());
        for (ShardAppender shard : shards) {
            List<SegmentFolder.SegmentFile> found =
                    files.remove(shard.log().shard().id());
            recovery.recover(shard, found == null ? List.of() : found);
        }
        deleteExpired(meta, files);
        return new LiveStream(settings.scope().arnOf(meta.name()), meta, store, shards);
    }

    /** What a retention that was cut short left behind. */
    private static void deleteExpired(StreamMeta meta, Map<String, List<SegmentFolder.SegmentFile>> files)
            throws IOException {
        for (Map.Entry<String, List<SegmentFolder.SegmentFile>> shard : files.entrySet()) {
            if (!meta.hasHad(shard.getKey())) {
                throw new StreamFolderException("there are records of " + shard.getKey() + " in "
                        + DurableFiles.folderOf(shard.getValue().get(0).path()) + ", a shard that "
                        + MetadataFile.NAME + " does not know: restore a newer copy of that file, or move the"
                        + " shard's files away");
            }
            for (SegmentFolder.SegmentFile leftover : shard.getValue()) {
                Files.delete(leftover.path());
            }
        }
    }

    private SegmentStore storeOf(StreamMeta meta) {
        SegmentFolder folder = new SegmentFolder(settings.folder().resolve(meta.folderName()));
        return new SegmentStore(folder, settings.durability(), settings.segmentBytes(), disk);
    }

    ShardAppender appender(StreamMeta stream, SegmentStore store, ShardMeta shard) {
        long firstCounter = SequenceNumbers.firstCounterOf(stored.opening());
        return new ShardAppender(new ShardLog(stream.name(), shard), store, firstCounter, () -> {
            LiveStream live = streams.get(stream.name());
            return (live == null ? stream : live.meta()).retention().toMillis();
        });
    }

    private void removeLeftovers() throws IOException {
        for (Path entry : DurableFiles.list(settings.folder())) {
            if (!Files.isDirectory(entry)) {
                continue;
            }
            String name = entry.getFileName().toString();
            if (name.endsWith(DELETED)) {
                DurableFiles.deleteTree(entry);
            } else if (stored.streams().values().stream()
                    .noneMatch(stream -> stream.folderName().equals(name))) {
                LOG.warn(
                        "{} belongs to no stream, perhaps to one whose making or deletion was cut short; delete it",
                        entry);
            }
        }
    }

    LiveStream create(String name, StreamOptions options) throws IOException {
        // An opening number of its own: a stream of this name may have been deleted within this second.
        FolderMeta next = stored.withOpening(stored.opening() + 1);
        long now = settings.clock().millis();
        long second = Math.floorDiv(now, 1000L);
        List<ShardMeta> shards = new ArrayList<>();
        for (HashRange range : HashRange.evenly(options.shards())) {
            shards.add(new ShardMeta(shards.size(), second, range, List.of(), null));
        }
        Duration chosen = options.retention();
        StreamTraits traits = new StreamTraits(
                Instant.ofEpochMilli(now),
                options.mode(),
                options.maxRecordBytes(),
                chosen == null ? settings.retention() : chosen,
                options.tags());
        StreamMeta meta = new StreamMeta(name, UUID.randomUUID().toString(), traits, List.of(), shards.size(), shards);
        SegmentStore store = storeOf(meta);
        store.folder().create();
        store(next.with(meta));
        List<ShardAppender> appenders =
                shards.stream().map(shard -> appender(meta, store, shard)).toList();
        LiveStream stream = new LiveStream(settings.scope().arnOf(name), meta, store, appenders);
        streams.put(name, stream);
        listeners.changed(name);
        return stream;
    }

    void delete(LiveStream stream) throws IOException {
        store(stored.without(stream.name()));
        streams.remove(stream.name());
        stream.deleted();
        for (ShardAppender shard : stream.shards()) {
            shard.seal();
        }
        Path folder = stream.store().folder().path();
        Path doomed = folder.resolveSibling(folder.getFileName() + DELETED);
        Files.move(folder, doomed);
        DurableFiles.deleteTree(doomed);
        listeners.changed(stream.name());
    }

    /** Stores what {@code change} makes of the stream's description, and only then shows it. */
    StreamMeta change(LiveStream stream, Function<StreamMeta, StreamMeta> change) throws IOException {
        StreamMeta changed = change.apply(stream.meta());
        store(stored.with(changed));
        stream.changed(changed);
        return changed;
    }

    private void store(FolderMeta next) throws IOException {
        file.store(next);
        stored = next;
    }

    /** Gives everything back; readers and writers find the streams closed. */
    void shut() throws IOException {
        for (LiveStream stream : streams.values()) {
            for (ShardAppender shard : stream.shards()) {
                shut(shard);
            }
        }
        FolderLock held = lock;
        if (held != null) {
            held.close();
        }
    }

    private static void shut(ShardAppender shard) {
        try {
            shard.seal();
        } catch (IOException e) {
            LOG.warn(
                    "could not close the log of {} cleanly; the next opening repairs it",
                    shard.log().shard(),
                    e);
        }
        shard.log().shut();
    }
}
