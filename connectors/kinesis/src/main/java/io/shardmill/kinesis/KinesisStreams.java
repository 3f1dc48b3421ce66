package io.shardmill.kinesis;

import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.stream.StreamCatalog;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.runtime.DaemonThreads;
import io.shardmill.runtime.arn.AwsScope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;

/**
 * Streams of Amazon Kinesis, by the names that the configuration gives them, and by their ARNs. Needs {@code
 * kinesis:DescribeStreamSummary}, {@code kinesis:ListShards}, {@code kinesis:GetShardIterator} and {@code kinesis:GetRecords}, for
 * writing {@code kinesis:PutRecords}, and for consumers {@code kinesis:DescribeStreamConsumer}, {@code kinesis:RegisterStreamConsumer} and {@code
 * kinesis:SubscribeToShard}. Thread-safe.
 */
public final class KinesisStreams implements StreamCatalog, StreamWriter, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KinesisStreams.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LAST_RETRY = Duration.ofSeconds(5);

    /** Of the heap, for what readers hold before the engine wants it. */
    private static final int READ_AHEAD_SHARE = 8;

    private final Map<String, KinesisStream> named;
    private final KinesisLocation location;
    private final AwsScope own;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("shardmill-kinesis-timer"));
    private final KinesisClients clients = new KinesisClients();
    private final ReadEnvironment environment;
    private final Map<String, KinesisSource> sources = new ConcurrentHashMap<>();
    private final Map<String, KinesisWriter> writers = new ConcurrentHashMap<>();

    /**
     * @param named the streams that have a name of their own
     * @param location where streams are that mappings name by an ARN
     * @param own the region and the account of embedded streams, whose ARNs are not Kinesis's
     */
    public KinesisStreams(
            Map<String, KinesisStream> named,
            KinesisLocation location,
            AwsScope own,
            InstantSource clock,
            ReadObserver observer) {
        this.named = Map.copyOf(named);
        this.location = location;
        this.own = own;
        this.environment = new ReadEnvironment(
                steady(clock),
                this::after,
                BackoffStrategy.exponentialDelay(FIRST_RETRY, LAST_RETRY),
                new ReadAhead(Runtime.getRuntime().maxMemory() / READ_AHEAD_SHARE),
                new ShardQuotas(),
                observer);
    }

    /** Goes on from a clock that may be set back later: no shard must wait for the old time to come again. */
    private static InstantSource steady(InstantSource clock) {
        Instant begin = clock.instant();
        long begun = System.nanoTime();
        return () -> begin.plusNanos(System.nanoTime() - begun);
    }

    /** Runs a task that doesn't throw; none after {@link #close}. */
    private void after(long millis, Runnable task) {
        try {
            ScheduledFuture<?> unused = timer.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("Kinesis is closed; nothing is asked any more", closed);
        }
    }

    /** @param nameOrArn a configured name, or the ARN of a stream or of a consumer */
    @Override
    public Optional<StreamSource> find(String nameOrArn) {
        KinesisStream stream = stream(nameOrArn);
        return stream == null
                ? Optional.empty()
                : Optional.of(sources.computeIfAbsent(nameOrArn, missing -> source(missing, stream)));
    }

    /** Returns whether a stream is Kinesis's, whether it exists or not. */
    public boolean has(String nameOrArn) {
        return stream(nameOrArn) != null;
    }

    /** Waits for up to 30 s while Kinesis has no room for the record. */
    @Override
    public PutResult.Stored put(String stream, PutEntry entry) {
        return writer(stream).put(entry);
    }

    /**
     * Puts records in the list's order for each partition key; of different keys in no order. Waits for up to 30 s while
     * Kinesis has no room for some of them. A request has one record of each key: many of one key take many requests.
     */
    @Override
    public List<PutResult> putAll(String stream, List<PutEntry> entries) {
        return writer(stream).putAll(entries);
    }

    private KinesisWriter writer(String nameOrArn) {
        return writers.computeIfAbsent(nameOrArn, this::newWriter);
    }

    private KinesisWriter newWriter(String nameOrArn) {
        KinesisStream stream = stream(nameOrArn);
        if (stream == null) {
            throw new IllegalArgumentException("there is no Kinesis stream '" + nameOrArn
                    + "' here; name one of shardmill.streams that has 'kinesis', or give an ARN");
        }
        return new KinesisWriter(
                clients.requests(locationOf(stream)),
                nameOrArn,
                StreamAddress.of(stream),
                environment.backoff(),
                this::pause,
                System::nanoTime);
    }

    private void pause(Duration time) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        environment.timer().after(time.toMillis(), over::countDown);
        boolean unused = over.await(2 * time.toMillis(), TimeUnit.MILLISECONDS); // no longer if all is closed meanwhile
    }

    private @Nullable KinesisStream stream(String nameOrArn) {
        KinesisStream configured = named.get(nameOrArn);
        if (configured != null) {
            return configured;
        }
        KinesisArn arn = KinesisArn.parse(nameOrArn);
        return arn == null || own.contains(arn.arn())
                ? null
                : KinesisStream.of(nameOrArn).at(location);
    }

    private KinesisSource source(String name, KinesisStream stream) {
        KinesisLocation where = locationOf(stream);
        return new KinesisSource(
                name, stream, clients.requests(where), () -> clients.subscriptions(where), environment);
    }

    private static KinesisLocation locationOf(KinesisStream stream) {
        KinesisArn arn = stream.arn();
        return arn == null || stream.location().region() != null
                ? stream.location()
                : stream.location().in(Region.of(arn.arn().region()));
    }

    /** Closes the clients; to be called when no mapping runs any more. */
    @Override
    public void close() {
        timer.shutdownNow();
        clients.close();
    }
}
