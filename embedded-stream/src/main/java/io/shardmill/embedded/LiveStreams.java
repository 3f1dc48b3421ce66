package io.shardmill.embedded;

import io.shardmill.function.Shard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
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

    private final EmbeddedStreamsSettings settings;
    private final SegmentWriter.Disk disk;
    private final StreamFolder folder;
    private final OpenSegments open;
    private final Findings findings = new Findings();
    private final ChangeListeners listeners = new ChangeListeners();
    private final Deletions deletions = new Deletions();
    private final Map<String, LiveStream> streams = new ConcurrentSkipListMap<>();
    /** The opening number that this opening began with; 0 while the folder is not open. */
    private int openedAt;
    /** The largest counter of a deleted stream: one created in the same second under its name must go on above it. */
    private long deletedThrough;

    private long firstCounter;

    LiveStreams(EmbeddedStreamsSettings settings, SegmentWriter.Disk disk, StreamFolder folder, OpenSegments open) {
        this.settings = settings;
        this.disk = disk;
        this.folder = folder;
        this.open = open;
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

    /** All that is stored, as it is now; as of a clean stop, because nothing of it may be missing in a copy. */
    StoredFolder stored() {
        return new StoredFolder(
                folder.version(), folder.meta().with(folder.meta().lastRun().stop()), segments());
    }

    Deletions deletions() {
        return deletions;
    }

    /**
     * Locks the folder, takes up what is there, and makes a larger opening number durable before anything can be put.
     *
     * @throws StreamFolderException if what is there can't be all that was stored, but for single shards' records
     */
    void open() throws IOException {
        StoredFolder loaded = folder.open();
        int opening = openingAfter(loaded.meta().opening());
        firstCounter = SequenceNumbers.firstCounterOf(opening);
        findings.begin(settings.folder(), loaded.meta().lastRun());
        LeftFolders left = new LeftFolders(settings.folder());
        for (StreamMeta stream : loaded.meta().streams().values()) {
            left.restore(stream);
            streams.put(stream.name(), load(stream, loaded));
        }
        left.refuseUnknown(loaded.meta().streams().values());
        store(loaded.meta().withOpening(opening).with(LastRun.begin(settings.durability())));
        openedAt = opening;
        left.delete();
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

    private LiveStream load(StreamMeta meta, StoredFolder loaded) throws IOException {
        SegmentStore store = storeOf(meta);
        if (!Files.isDirectory(store.folder().path())) {
            throw new StreamFolderException("the records of stream '" + meta.name() + "' should be in "
                    + store.folder().path() + ", which is missing: restore it, or create that folder empty; then the"
                    + " stream's shards are damaged, and can be given up one by one");
        }
        Map<String, List<SegmentFolder.SegmentFile>> files = store.folder().list();
        Recovery recovery = new Recovery(
                store,
                findings,
                loaded.meta().lastRun(),
                firstCounter,
                settings.clock().millis());
        List<ShardAppender> shards = new ArrayList<>();
        for (ShardMeta shard : meta.shards()) {
            ShardAppender appender = appender(meta, store, shard);
            List<SegmentFolder.SegmentFile> found = files.remove(shard.id());
            long newest = recovery.recover(
                    appender, loaded.segmentsOf(appender.log().shard()), found == null ? List.of() : found);
            requireOlder(newest, loaded, appender.log().shard());
            shards.add(appender);
        }
        deleteExpired(meta, files);
        return new LiveStream(settings.scope().arnOf(meta.name()), meta, store, shards);
    }

    private void requireOlder(long newest, StoredFolder loaded, Shard shard) {
        if (SequenceNumbers.openingOf(newest) > loaded.meta().opening()) {
            throw new StreamFolderException(settings.folder().resolve(MetadataFile.NAME) + " is older than records of "
                    + shard
                    + ", and with it sequence numbers could be given twice. Restore the newest copy, or the whole"
                    + " folder from a backup");
        }
    }

    /** What a retention that was cut short left behind. */
    private static void deleteExpired(StreamMeta meta, Map<String, List<SegmentFolder.SegmentFile>> files)
            throws IOException {
        for (Map.Entry<String, List<SegmentFolder.SegmentFile>> shard : files.entrySet()) {
            Path folder = DurableFiles.folderOf(shard.getValue().get(0).path());
            if (!meta.hasHad(shard.getKey())) {
                throw new StreamFolderException("there are records of " + shard.getKey() + " in " + folder
                        + ", a shard that " + MetadataFile.NAME
                        + " does not know: restore a newer copy of that file, or"
                        + " move " + shard.getValue().get(0).path().getFileName() + " and its like away");
            }
            for (SegmentFolder.SegmentFile leftover : shard.getValue()) {
                SegmentHeader header = SegmentHeader.of(leftover.path());
                int index = SequenceNumbers.shardIndex(shard.getKey());
                if (header != null && header.id().equals(new SegmentId(meta.incarnation(), index, leftover.base()))) {
                    Files.delete(leftover.path());
                } else {
                    LOG.warn("{} belongs to no shard; delete it", leftover.path());
                }
            }
        }
    }

    private SegmentStore storeOf(StreamMeta meta) {
        SegmentFolder segments = new SegmentFolder(settings.folder().resolve(meta.folderName()));
        return new SegmentStore(segments, settings.durability(), settings.segmentBytes(), disk, open);
    }

    ShardAppender appender(StreamMeta stream, SegmentStore store, ShardMeta shard) {
        return new ShardAppender(new ShardLog(stream.name(), stream.incarnation(), shard), store, firstCounter, () -> {
            LiveStream live = streams.get(stream.name());
            return (live == null ? stream : live.meta()).retention().toMillis();
        });
    }

    LiveStream create(String name, StreamOptions options) throws IOException {
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
        StreamMeta meta = new StreamMeta(name, UUID.randomUUID(), traits, List.of(), shards.size(), shards);
        SegmentStore store = storeOf(meta);
        store.folder().create();
        store(folder.meta().with(meta));
        List<ShardAppender> appenders =
                shards.stream().map(shard -> appender(meta, store, shard)).toList();
        appenders.forEach(shard -> shard.numberFrom(deletedThrough + 1));
        LiveStream stream = new LiveStream(settings.scope().arnOf(name), meta, store, appenders);
        streams.put(name, stream);
        listeners.changed(name);
        return stream;
    }

    /** The folder is renamed first: one under its own name that belongs to no stream is never what we left. */
    void delete(LiveStream stream) throws IOException {
        for (ShardAppender shard : stream.shards()) {
            deletedThrough = Math.max(deletedThrough, shard.close());
        }
        Path records = stream.store().folder().path();
        Path doomed = LeftFolders.doomed(records);
        Files.move(records, doomed);
        try {
            store(folder.meta().without(stream.name()));
        } catch (IOException | RuntimeException e) {
            Files.move(doomed, records);
            throw e;
        }
        streams.remove(stream.name());
        stream.deleted();
        findings.forgetStream(stream.name());
        listeners.changed(stream.name());
        deletions.run(() -> DurableFiles.deleteTree(doomed));
    }

    /** Stores what {@code change} makes of the stream's description, and only then shows it. */
    StreamMeta change(LiveStream stream, Function<StreamMeta, StreamMeta> change) throws IOException {
        StreamMeta changed = change.apply(stream.meta());
        store(folder.meta().with(changed));
        stream.changed(changed);
        return changed;
    }

    /** Stores all anew, with the segments as they are now. */
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

    /** Stores that nothing is missing, and gives everything back; readers and writers find the streams closed. */
    void shut() throws IOException {
        deletions.runDeferred();
        try {
            if (openedAt > 0 && sealAll()) {
                store(folder.meta().with(folder.meta().lastRun().stop()));
            }
        } catch (IOException e) {
            LOG.warn("could not store that {} was closed cleanly; the next opening checks it", settings.folder(), e);
        } finally {
            streams.values()
                    .forEach(stream ->
                            stream.shards().forEach(shard -> shard.log().shut()));
            folder.close();
        }
    }

    /** Returns whether all is on the disk. */
    private boolean sealAll() throws IOException {
        boolean all = true;
        long first = SequenceNumbers.firstCounterOf(openedAt);
        for (LiveStream stream : streams.values()) {
            for (ShardAppender shard : stream.shards()) {
                all &= seal(shard, first);
            }
            DurableFiles.forceFolder(stream.store().folder().path());
        }
        return all;
    }

    private static boolean seal(ShardAppender shard, long first) {
        try {
            shard.seal();
            shard.forceAll(first);
            return true;
        } catch (IOException e) {
            LOG.warn(
                    "could not close the log of {} cleanly; the next opening repairs it",
                    shard.log().shard(),
                    e);
            return false;
        }
    }
}
