package io.shardmill.embedded;

import io.shardmill.embedded.files.DurableFiles;
import io.shardmill.embedded.log.DirectRead;
import io.shardmill.embedded.log.Disk;
import io.shardmill.embedded.log.LiveStream;
import io.shardmill.embedded.log.LogThread;
import io.shardmill.embedded.log.Puts;
import io.shardmill.embedded.log.ShardLog;
import io.shardmill.embedded.log.StreamLogs;
import io.shardmill.embedded.metadata.StreamFolder;
import io.shardmill.embedded.metadata.StreamMeta;
import io.shardmill.embedded.model.Durability;
import io.shardmill.embedded.model.RecoveryReport;
import io.shardmill.embedded.model.ShardPage;
import io.shardmill.embedded.model.StreamFolderException;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamMode;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.embedded.model.StreamRequestException;
import io.shardmill.embedded.model.StreamTraits;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutRejectedException;
import io.shardmill.function.PutResult;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.StreamCatalog;
import io.shardmill.poller.stream.StreamSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedStreams.class);

    private final EmbeddedStreamsSettings settings;
    private final LiveStreams streams;
    private final LogThread thread;
    private final Resharding resharding;
    private final Retention retention;
    private final boolean isTemporary;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedStreams(EmbeddedStreamsSettings settings, Disk disk, boolean isTemporary) {
        this.settings = settings;
        this.isTemporary = isTemporary;
        StreamFolder folder = new StreamFolder(settings.folder());
        StreamLogs logs = new StreamLogs(
                settings.folder(), settings.durability(), settings.segmentBytes(), disk, settings.clock());
        this.streams = new LiveStreams(settings, folder, logs);
        this.resharding = new Resharding(streams, settings.clock());
        this.retention = new Retention(streams, folder, settings.clock());
        this.thread = logs.newThread(folder, this::runChores);
    }

    /**
     * Opens the folder, made if missing, and takes up the streams in it; unfinished writes are cut off, see
     * {@link #recovery}.
     *
     * @throws StreamFolderException if the folder is open already, here or in another process, or can't be used
     */
    public static EmbeddedStreams open(EmbeddedStreamsSettings settings) {
        return open(settings, Disk.FILES, false);
    }

    /** The same for tests: with the default settings but this clock, in a temporary folder that is deleted on close. */
    public static EmbeddedStreams temporary(Clock clock) {
        try {
            Path folder = Files.createTempDirectory("shardmill-streams");
            return open(EmbeddedStreamsSettings.in(folder).withClock(clock), Disk.FILES, true);
        } catch (IOException e) {
            throw new StreamFolderException("could not make a temporary folder: " + e, e);
        }
    }

    static EmbeddedStreams open(EmbeddedStreamsSettings settings, Disk disk, boolean isTemporary) {
        EmbeddedStreams opened = new EmbeddedStreams(settings, disk, isTemporary);
        opened.start();
        return opened;
    }

    private void runChores() {
        retention.applyAndLog();
        try {
            streams.renewOpening();
        } catch (IOException | RuntimeException e) {
            LOG.warn("could not store a new opening number; tried again later", e);
        }
    }

    private void start() {
        thread.start();
        boolean started = false;
        try {
            change(streams::open);
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
        requireName(name);
        return thread.call(() -> {
            if (streams.find(name) != null) {
                throw StreamRequestException.inUse("there is an embedded stream '" + name + "' already");
            }
            return StreamInfos.of(streams.create(name, options));
        });
    }

    public StreamInfo createStream(String name, int shards) {
        return createStream(name, StreamOptions.ofShards(shards));
    }

    /** Creates the stream unless there is one of that name, which is left as it is, whatever its shards. */
    public StreamInfo ensureStream(String name, StreamOptions options) {
        requireName(name);
        return thread.call(() -> {
            LiveStream present = streams.find(name);
            return StreamInfos.of(present != null ? present : streams.create(name, options));
        });
    }

    public StreamInfo ensureStream(String name, int shards) {
        return ensureStream(name, StreamOptions.ofShards(shards));
    }

    private static void requireName(String name) {
        if (!StreamMeta.isName(name)) {
            throw StreamRequestException.invalid(
                    "'" + name + "' is no stream name: it must have 1 to 128 letters, digits, '_', '.' or '-'");
        }
    }

    /** Deletes the stream, which must have no registered consumers, with all its records; its readers are told. */
    public void deleteStream(String name) {
        change(() -> {
            LiveStream stream = streams.get(name);
            if (!stream.meta().consumers().isEmpty()) {
                throw StreamRequestException.inUse("stream '" + name + "' has registered consumers: deregister them, or"
                        + " use deleteStreamAndConsumers");
            }
            streams.delete(stream);
        });
    }

    /** Deletes the stream with all its records and registered consumers; its readers are told. */
    public void deleteStreamAndConsumers(String name) {
        change(() -> streams.delete(streams.get(name)));
    }

    /** Who is registered to read which stream. */
    public StreamConsumers consumers() {
        return new StreamConsumers(streams, thread, settings.clock());
    }

    /** The tags of streams and consumers. */
    public StreamTags tags() {
        return new StreamTags(streams, thread);
    }

    /** Copies of the folder. */
    public StreamBackups backups() {
        return new StreamBackups(streams, thread);
    }

    /** The names of all streams, sorted. */
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
        change(() -> resharding.split(stream, shardId, newStartingHashKey));
    }

    /** Closes two open shards whose hash keys adjoin and opens one in their place. */
    public void mergeShards(String stream, String shardId, String adjacentShardId) {
        change(() -> resharding.merge(stream, shardId, adjacentShardId));
    }

    /**
     * Splits and merges until that many open shards share out the hash keys evenly.
     *
     * @param target at least half and at most twice the present number, and at most 10,000
     */
    public void updateShardCount(String stream, int target) {
        change(() -> resharding.scale(stream, target));
    }

    /**
     * Changes how large a record may be.
     *
     * @param bytes data and partition key of one record together, 1 MiB to 10 MiB
     */
    public void updateMaxRecordBytes(String stream, int bytes) {
        StreamOptions.checkMaxRecordBytes(bytes);
        changeTraits(stream, traits -> traits.withMaxRecordBytes(bytes));
    }

    /** Changes the stream's mode and leaves its shards as they are. */
    public void updateMode(String stream, StreamMode mode) {
        changeTraits(stream, traits -> traits.withMode(mode));
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
        changeTraits(stream, traits -> {
            Duration kept = change.apply(traits.retention());
            StreamOptions.checkRetention(kept);
            return traits.withRetention(kept);
        });
    }

    /** Deletes what is older than the retention now; happens by itself about twice a minute. */
    public void applyRetention() {
        change(retention::apply);
    }

    /** What was found wrong in the files since they were opened. */
    public RecoveryReport recovery() {
        return streams.findings().report();
    }

    /**
     * Gives a shard's damaged records up, so that its readers go on behind them. Checks every segment of the shard, and
     * writes those that are damaged anew from their whole records; what there was of a damaged file is kept beside the
     * new one, with {@code .damaged} added to its name.
     *
     * @return what was found in the shard and is forgotten now
     */
    public List<RecoveryReport.Finding> skipDamage(String stream, String shardId) {
        return thread.call(() -> {
            LiveStream damaged = streams.get(stream);
            ShardLog shard = shard(stream, shardId);
            damaged.appender(shard.meta().index()).skipDamage();
            streams.storeAgain();
            return streams.findings().forgetDamage(shard.shard());
        });
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
        return Puts.put(streams.get(stream), entries, thread);
    }

    /** @param nameOrArn a stream's name or ARN, or the ARN of one of its registered consumers */
    @Override
    public Optional<StreamSource> find(String nameOrArn) {
        ConsumerArn consumer = ConsumerArn.parse(nameOrArn);
        if (consumer == null) {
            return source(nameOrArn).map(stream -> stream);
        }
        return source(consumer.streamArn())
                .filter(stream -> stream.arn().equals(consumer.streamArn()))
                .map(stream -> new ConsumerSource(consumer, stream, streams));
    }

    private Optional<EmbeddedSource> source(String nameOrArn) {
        String name = settings.scope().nameIn(nameOrArn);
        return StreamMeta.isName(name)
                ? Optional.of(new EmbeddedSource(name, settings.scope().arnOf(name), streams, thread))
                : Optional.empty();
    }

    /** The tip of a shard, as an absolute position before the next record: the iterator type LATEST. */
    public Position latest(String stream, String shardId) {
        return thread.call(() -> Position.after(shard(stream, shardId).tipNumber()));
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
        ShardLog shard = shard(stream, shardId);
        return DirectRead.of(shard, from, streams.findings(), settings.clock()).page(maxRecords, maxBytes);
    }

    private ShardLog shard(String streamName, String shardId) {
        ShardLog shard = streams.get(streamName).shard(shardId);
        if (shard == null) {
            throw StreamRequestException.notFound(
                    "there is no shard '" + shardId + "' in embedded stream '" + streamName + "', or not any more");
        }
        return shard;
    }

    /** Stores what is under way, closes all files and unlocks the folder; readers answer that the streams are closed. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            thread.stop(() -> {
                streams.shut();
                if (isTemporary) {
                    DurableFiles.deleteTree(settings.folder());
                }
            });
        }
    }

    private void changeTraits(String stream, UnaryOperator<StreamTraits> change) {
        change(() -> streams.change(streams.get(stream), meta -> meta.with(change.apply(meta.traits()))));
    }

    private void change(LogThread.Change change) {
        thread.call(() -> {
            change.apply();
            return Boolean.TRUE;
        });
    }
}
