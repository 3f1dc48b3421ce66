package io.shardmill.embedded;

import io.shardmill.embedded.internal.log.Disk;
import io.shardmill.embedded.internal.log.LiveStream;
import io.shardmill.embedded.internal.log.LogThread;
import io.shardmill.embedded.internal.log.PutSubmitter;
import io.shardmill.embedded.internal.log.StreamLogs;
import io.shardmill.embedded.internal.metadata.StreamFolder;
import io.shardmill.embedded.model.Durability;
import io.shardmill.embedded.model.PutAdmission;
import io.shardmill.embedded.model.ShardPage;
import io.shardmill.embedded.model.StreamFolderException;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamMode;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.embedded.model.StreamRequestException;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutRejectedException;
import io.shardmill.function.PutResult;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.StreamCatalog;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.runtime.arn.AwsScope;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/**
 * Durable, Kinesis-shaped streams in a folder of this machine: puts, shards, splits, merges, retention, and
 * readers that are woken. Thread-safe.
 *
 * <p>A put returns when its record is as durable as {@link Durability} says; only then can a reader see it.
 * Sequence numbers are never given twice, not even after power loss. Every request about a stream that isn't there, and
 * every request that breaks a rule, is a {@link StreamRequestException} with Kinesis's error code; after
 * {@link #close} every call is an {@link IllegalStateException}.
 */
public final class EmbeddedStreams implements StreamCatalog, StreamWriter, AutoCloseable {

    private final EmbeddedStreamsSettings settings;
    private final boolean isTemporary;
    private final LiveStreams streams;
    private final LogThread thread;
    private final StreamAdministration administration;
    private final StreamReads reads;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedStreams(EmbeddedStreamsSettings settings, Disk disk, boolean isTemporary) {
        this.settings = settings;
        this.isTemporary = isTemporary;
        StreamFolder folder = new StreamFolder(settings.folder());
        StreamLogs logs = new StreamLogs(
                settings.folder(), settings.durability(), settings.segmentBytes(), disk, settings.clock());
        this.streams = new LiveStreams(settings, folder, logs);
        Retention retention = new Retention(streams, folder, settings.clock());
        this.thread = logs.newThread(folder, () -> {
            retention.applyAndLog();
            streams.renewOpeningAndLog();
        });
        this.administration = new StreamAdministration(settings, streams, thread, retention);
        this.reads = new StreamReads(settings, streams, thread);
    }

    /**
     * Opens the folder, made if missing, and recovers the streams in it; unfinished writes are cut off, see
     * {@link #recovery}.
     *
     * @throws StreamFolderException if the folder is open already, here or in another process, or can't be used
     */
    public static EmbeddedStreams open(EmbeddedStreamsSettings settings) {
        return open(settings, Disk.FILES, false);
    }

    /** Opens a temporary folder, deleted on close, with this clock and otherwise default settings. For tests. */
    public static EmbeddedStreams temporary(Clock clock) {
        return temporary(clock, AwsScope.DEFAULT);
    }

    /** Opens a temporary folder with streams of another region and account. */
    public static EmbeddedStreams temporary(Clock clock, AwsScope scope) {
        try {
            Path folder = Files.createTempDirectory("shardmill-streams");
            return open(EmbeddedStreamsSettings.in(folder).withClock(clock).withScope(scope), Disk.FILES, true);
        } catch (IOException e) {
            throw new StreamFolderException("could not make a temporary folder: " + e, e);
        }
    }

    static EmbeddedStreams open(EmbeddedStreamsSettings settings, Disk disk, boolean isTemporary) {
        EmbeddedStreams opened = new EmbeddedStreams(settings, disk, isTemporary);
        opened.start();
        return opened;
    }

    private void start() {
        thread.start();
        boolean started = false;
        try {
            thread.run(streams::open);
            started = true;
        } catch (UncheckedIOException e) {
            throw new StreamFolderException("could not open the streams in " + settings.folder() + ": " + e, e);
        } finally {
            if (!started) {
                close();
            }
        }
    }

    /**
     * Creates a stream.
     *
     * @param name 1 to 128 letters, digits, {@code _}, {@code .} and {@code -}
     */
    public StreamInfo createStream(String name, StreamOptions options) {
        return administration.create(name, options);
    }

    public StreamInfo createStream(String name, int shards) {
        return createStream(name, StreamOptions.ofShards(shards));
    }

    /** Creates the stream unless there is one of that name, which is left as it is, whatever its shards. */
    public StreamInfo ensureStream(String name, StreamOptions options) {
        return administration.ensure(name, options);
    }

    public StreamInfo ensureStream(String name, int shards) {
        return ensureStream(name, StreamOptions.ofShards(shards));
    }

    /** Deletes the stream with all its records. It must have no registered consumers. */
    public void deleteStream(String name) {
        administration.deleteWithoutConsumers(name);
    }

    /** Deletes the stream with all its records and registered consumers. */
    public void deleteStreamAndConsumers(String name) {
        administration.delete(name);
    }

    /** Returns the registered consumers of streams. */
    public StreamConsumers consumers() {
        return new StreamConsumers(streams, thread, settings.clock());
    }

    /** Returns the tags of streams and consumers. */
    public StreamTags tags() {
        return new StreamTags(streams, thread);
    }

    /** Returns what was damaged in the folder, and skips it. */
    public StreamRecovery recovery() {
        return new StreamRecovery(streams, thread);
    }

    /** Returns what backs the folder up. */
    public StreamBackups backups() {
        return new StreamBackups(streams, thread);
    }

    /** Returns the region and the account in the streams' ARNs. */
    public AwsScope scope() {
        return settings.scope();
    }

    /** Returns the names of all streams, sorted. */
    public List<String> list() {
        return streams.all().stream().map(LiveStream::name).toList();
    }

    public StreamInfo describe(String name) {
        return StreamInfos.of(streams.get(name));
    }

    /**
     * Closes an open shard and opens two in its place: one below the key, and one from it on.
     *
     * @param newStartingHashKey greater than one plus the shard's starting hash key and less than its ending one
     */
    public void splitShard(String stream, String shardId, BigInteger newStartingHashKey) {
        administration.reshard(resharder -> resharder.split(stream, shardId, newStartingHashKey));
    }

    /** Closes two open shards whose hash keys adjoin and opens one in their place. */
    public void mergeShards(String stream, String shardId, String adjacentShardId) {
        administration.reshard(resharder -> resharder.merge(stream, shardId, adjacentShardId));
    }

    /**
     * Splits and merges until that many open shards share out the hash keys evenly.
     *
     * @param target at least half and at most twice the present number, and at most 10,000
     */
    public void updateShardCount(String stream, int target) {
        administration.reshard(resharder -> resharder.scale(stream, target));
    }

    /**
     * Closes the stream to puts for good: its shards end where they are, and what it keeps can be read. Does nothing if it is
     * closed already.
     */
    public void closeStream(String stream) {
        administration.close(stream);
    }

    /**
     * Changes how large a record may be.
     *
     * @param bytes data and partition key of one record together, 1 MiB to 10 MiB
     */
    public void updateMaxRecordBytes(String stream, int bytes) {
        administration.updateMaxRecordBytes(stream, bytes);
    }

    /** Changes which settings are described as they were given, and have no effect. */
    public void updateIgnored(String stream, UnaryOperator<Map<String, String>> change) {
        administration.updateIgnored(stream, change);
    }

    /** Changes the stream's mode and leaves its shards as they are. */
    public void updateMode(String stream, StreamMode mode) {
        administration.updateMode(stream, mode);
    }

    /**
     * Changes how long the stream keeps its records.
     *
     * @param kept one second to 365 days
     */
    public void updateRetention(String stream, Duration kept) {
        updateRetention(stream, current -> kept);
    }

    /**
     * Changes how long the stream keeps its records, depending on how long it keeps them now. No other change of the
     * stream is made in between; what the function throws is thrown here, and nothing is changed.
     *
     * @param change returns one second to 365 days
     */
    public void updateRetention(String stream, UnaryOperator<Duration> change) {
        administration.updateRetention(stream, change);
    }

    /** Deletes what is older than the retention now; happens by itself about twice a minute. */
    public void applyRetention() {
        administration.applyRetention();
    }

    /** @throws PutInterruptedException if the thread is interrupted: the record may or may not be stored */
    @Override
    public PutResult.Stored put(String stream, PutEntry entry) {
        PutResult result = putAll(stream, List.of(entry)).get(0);
        if (result instanceof PutResult.Rejected rejected) {
            throw new PutRejectedException(rejected);
        }
        return (PutResult.Stored) result;
    }

    /** @throws PutInterruptedException if the thread is interrupted: each record may or may not be stored */
    @Override
    public List<PutResult> putAll(String stream, List<PutEntry> entries) {
        return PutSubmitter.put(streams.get(stream), entries, thread, null);
    }

    /**
     * Puts the entries that are admitted; the others are rejected as the admission says.
     *
     * @throws PutInterruptedException if the thread is interrupted: each record may or may not be stored
     */
    public List<PutResult> putAll(String stream, List<PutEntry> entries, PutAdmission admission) {
        return PutSubmitter.put(streams.get(stream), entries, thread, admission);
    }

    /** @param nameOrArn a stream's name or ARN, or the ARN of one of its registered consumers */
    @Override
    public Optional<StreamSource> find(String nameOrArn) {
        return reads.find(nameOrArn);
    }

    /** Returns the tip of a shard, an absolute position before the next record: the iterator type LATEST. */
    public Position latest(String stream, String shardId) {
        return reads.latest(stream, shardId);
    }

    /**
     * Reads a shard directly, without a mapping. {@link Position} has the other four iterator types.
     *
     * @param maxRecords 1 to 10,000
     * @param maxBytes about how many bytes of data at most; one record is given even if it is larger
     * @throws StreamRequestException if the position is a sequence number of another shard
     * @throws DamagedShardException if the records there are damaged or missing
     */
    public ShardPage read(String stream, String shardId, Position from, int maxRecords, int maxBytes) {
        return reads.read(stream, shardId, from, maxRecords, maxBytes);
    }

    /** Finishes waiting puts, closes all files and unlocks the folder; readers report that the streams are closed. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            thread.stop(() -> {
                streams.shut();
                if (isTemporary) {
                    Folders.delete(settings.folder());
                }
            });
        }
    }
}
