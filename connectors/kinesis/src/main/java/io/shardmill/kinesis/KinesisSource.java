package io.shardmill.kinesis;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.ShardStart;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.stream.StreamUnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.RecordDistributionStrategy;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** A stream of Kinesis as mappings read it, whoever else reads it. Thread-safe. */
final class KinesisSource implements StreamSource, ShardEvents {

    private static final Logger LOG = LoggerFactory.getLogger(KinesisSource.class);

    private final String name;
    private final KinesisStream stream;
    private final KinesisAsyncClient client;
    private final StreamDirectory directory;
    private final ShardAccess access;
    private final ReadEnvironment environment;

    /** Child shards that a reader reported and ListShards does not return yet, by id, the oldest first. */
    private final Map<String, ShardDescription> announced = new ConcurrentSkipListMap<>();

    private final Map<String, HashKeys> hashKeys = new ConcurrentHashMap<>();

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable StreamDescriptionSummary known;

    /**
     * @param name as mappings name the stream
     * @param subscriptions makes a client for subscriptions
     */
    KinesisSource(
            String name,
            KinesisStream stream,
            KinesisAsyncClient client,
            Supplier<KinesisAsyncClient> subscriptions,
            ReadEnvironment environment) {
        this.name = name;
        this.stream = stream;
        this.client = client;
        this.directory = new StreamDirectory(client, name, StreamAddress.of(stream), environment.clock());
        this.access = stream.isFanOut()
                ? new ConsumerAccess(stream, client, subscriptions.get(), directory)
                : new PolledAccess(stream.polling(), environment.quotas());
        this.environment = environment;
    }

    /** Asks Kinesis for what the configuration doesn't say: the account of a stream, and when a consumer was registered. */
    @Override
    public String arn() {
        KinesisArn arn = stream.arn();
        return arn != null && stream.consumer() == null
                ? arn.toString()
                : access.prepare(directory.summary().stream().streamARN());
    }

    @Override
    public StreamDescription describe() {
        StreamDescriptionSummary summary = directory.summary().stream();
        require(summary);
        List<Shard> listed = directory.shards();
        listed.forEach(shard -> {
            announced.remove(shard.shardId());
            hashKeys.put(shard.shardId(), HashKeys.of(shard.hashKeyRange()));
        });
        return new StreamDescription(
                StreamDirectory.incarnation(summary),
                withAnnounced(listed.stream().map(KinesisSource::description).toList()));
    }

    /** Adds children whose parents are all known: a parent that is not listed would count as expired, and may be new. */
    private List<ShardDescription> withAnnounced(List<ShardDescription> listed) {
        List<ShardDescription> shards = new ArrayList<>(listed);
        Set<String> known = listed.stream().map(ShardDescription::id).collect(Collectors.toSet());
        for (ShardDescription child : announced.values()) {
            if (known.containsAll(child.parents()) && known.add(child.id())) {
                shards.add(child);
            }
        }
        return shards;
    }

    /** Notes what the stream is now; it can't be read while it is created, nor when it is being deleted. */
    private void require(StreamDescriptionSummary now) {
        if (now.streamStatus() == StreamStatus.CREATING) {
            throw new StreamUnavailableException("Kinesis stream '" + name + "' is being created");
        }
        if (now.streamStatus() == StreamStatus.DELETING) {
            throw new StreamNotFoundException("Kinesis stream '" + name + "' is being deleted; create it again");
        }
        StreamDescriptionSummary before = known;
        boolean isAnother =
                before == null || !StreamDirectory.incarnation(before).equals(StreamDirectory.incarnation(now));
        if (isAnother) {
            announced.clear();
            hashKeys.clear();
            if (now.recordDistributionStrategy() == RecordDistributionStrategy.AUTO) {
                LOG.warn(
                        "Kinesis spreads the records of stream '{}' over its shards whatever their partition keys are"
                                + " (RecordDistributionStrategy AUTO): order is kept within a shard, not per key over all",
                        name);
            }
        }
        String read = access.prepare(now.streamARN());
        if (isAnother) {
            LOG.info("Stream '{}' is read from Kinesis: {}", name, read);
        }
        known = now;
    }

    private static ShardDescription description(Shard shard) {
        return new ShardDescription(
                shard.shardId(),
                Stream.of(shard.parentShardId(), shard.adjacentParentShardId())
                        .filter(Objects::nonNull)
                        .toList());
    }

    /** {@code LATEST} is a time of Kinesis's clock, in whole seconds: the records of the second before it come, too. */
    @Override
    public Map<String, ShardStart> starts(StartingPosition position) {
        StreamDirectory.Summary summary = directory.summary();
        require(summary.stream());
        List<Shard> shards = directory.shards();
        if (position instanceof StartingPosition.TrimHorizon) {
            return starts(shards, Position.trimHorizon(), ids(shards));
        }
        Instant now = summary.asOf();
        if (position instanceof StartingPosition.Latest) {
            return starts(shards, Position.atTimestamp(now), openSince(now));
        }
        if (position instanceof StartingPosition.AtTimestamp at) {
            Instant time = at.timestamp();
            return starts(shards, Position.atTimestamp(time), openSince(time.isAfter(now) ? now : time));
        }
        throw new IllegalStateException("Unknown starting position " + position);
    }

    /** Returns the shards that were open at that time or later: one that was closed since may have records of after it. */
    private Set<String> openSince(Instant time) {
        return ids(directory.shardsSince(time));
    }

    private static Map<String, ShardStart> starts(List<Shard> shards, Position from, Set<String> read) {
        Map<String, ShardStart> starts = new LinkedHashMap<>();
        shards.forEach(shard ->
                starts.put(shard.shardId(), read.contains(shard.shardId()) ? ShardStart.from(from) : ShardStart.SKIP));
        return starts;
    }

    private static Set<String> ids(List<Shard> shards) {
        return shards.stream().map(Shard::shardId).collect(Collectors.toSet());
    }

    /** The numbers of open shards overlap: Kinesis itself knows whose a number is. */
    @Override
    public Optional<String> shardHolding(SequenceNumber number) {
        return directory.shards().stream()
                .filter(shard -> mayHold(shard, number))
                .map(Shard::shardId)
                .filter(shard -> directory.isOf(shard, Numbers.outer(number)))
                .findFirst();
    }

    private static boolean mayHold(Shard shard, SequenceNumber number) {
        SequenceNumber outer = number.withSubSequence(0);
        String first = shard.sequenceNumberRange().startingSequenceNumber();
        String last = shard.sequenceNumberRange().endingSequenceNumber();
        return !SequenceNumber.parse(first).isAfter(outer)
                && (last == null || !outer.isAfter(SequenceNumber.parse(last)));
    }

    @Override
    public boolean unpacks() {
        return stream.deaggregation().applies(stream.isFanOut());
    }

    /** A shard has one subscription of a consumer, which each new one takes over. */
    @Override
    public boolean isForOneMapping() {
        return stream.isFanOut();
    }

    @Override
    public ShardReader open(String shardId, Position from, Runnable wake) {
        StreamDescriptionSummary seen = Objects.requireNonNull(known, "the stream was not described yet");
        io.shardmill.function.Shard shard = new io.shardmill.function.Shard(name, shardId);
        Existence existence = new Existence(
                new ShardRequests(client, seen.streamARN()),
                access.existence(),
                announced::containsKey,
                StreamDirectory.incarnation(seen));
        return access.open(
                new ReadShard(shard, existence, environment, this),
                new RecordReading(shard, from, unpacked(shardId), environment.observer()),
                wake);
    }

    private @Nullable HashKeys unpacked(String shard) {
        return unpacks() ? hashKeys.getOrDefault(shard, HashKeys.ALL) : null;
    }

    @Override
    public void ended(List<ChildShard> children) {
        children.forEach(child -> {
            announced.put(child.shardId(), new ShardDescription(child.shardId(), child.parentShards()));
            hashKeys.put(child.shardId(), HashKeys.of(child.hashKeyRange()));
        });
        listeners.forEach(Runnable::run);
    }

    @Override
    public void gone() {
        listeners.forEach(Runnable::run);
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
