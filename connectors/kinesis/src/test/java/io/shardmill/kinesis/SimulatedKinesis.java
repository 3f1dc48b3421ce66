package io.shardmill.kinesis;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.internal.shard.BatchInvoker;
import io.shardmill.poller.internal.shard.Completion;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.simulation.ErrorLog;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.testkit.ForwardingStore;
import io.shardmill.poller.testkit.VirtualTime;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.InvocationOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardRequest;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/**
 * A random life of mappings that read a fake Kinesis through the engine: requests fail, shards split and merge while records
 * are put, processes stop and die. All of it comes from a seed.
 */
final class SimulatedKinesis {

    private static final byte[] SMALL = {1, 2, 3};
    private static final byte[] LARGE = new byte[700_000];
    private static final int RECORDS = 300;
    private static final long MINUTE = 60_000;
    private static final long GONE = 30_000;
    private static final long PATIENCE = 30 * MINUTE;

    private final Random random;
    private final VirtualTime time;
    private final KinesisTrouble trouble;
    private final FakeKinesisServer server;
    private final KinesisPlant plant;
    private final World world;
    private final DeliveryOracle oracle;
    private final Polling polling;
    private final KinesisStream stream;
    private final List<EventSourceMapping> mappings = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private int slowness;
    private final int largeRecords;
    private final long readAhead;
    private boolean isProducing = true;
    private boolean isRunning;
    private @Nullable KinesisAsyncClient client;
    private int records;

    private SimulatedKinesis(long seed, KinesisPlant plant) {
        this.random = new Random(seed);
        this.time = new VirtualTime(random);
        this.trouble = new KinesisTrouble(random);
        this.plant = plant;
        this.server = new FakeKinesisServer(DeliveryOracle.STREAM, 1 + random.nextInt(3), time, trouble);
        CheckpointStore rows = new InMemoryCheckpointStore(InstantSource.fixed(Instant.EPOCH));
        this.oracle = new DeliveryOracle(server, rows::load);
        this.world = new World(1, time).with(function()).with(watched(rows));
        this.polling = polling();
        KinesisStream polled = KinesisStream.of(DeliveryOracle.STREAM).with(polling);
        this.stream = oneIn(2) ? polled.withConsumer("billing") : polled;
        this.slowness = oneIn(3) ? 20 : 1;
        this.largeRecords = oneIn(4) ? 10 : 0;
        this.readAhead = oneIn(3) ? 0 : 1 << 20;
        configure();
    }

    /** Plays a schedule; returns what was wrong, with what happened, or null. */
    static @Nullable String play(long seed, KinesisPlant plant, ErrorLog errors) {
        SimulatedKinesis simulated = new SimulatedKinesis(seed, plant);
        try {
            simulated.run();
        } catch (RuntimeException | AssertionError confused) {
            simulated.oracle.require(false, () -> "threw " + confused);
        }
        String error = errors.take();
        simulated.oracle.require(error == null, () -> "logged " + error);
        String wrong = simulated.oracle.violation();
        return wrong == null ? null : wrong + "\n  " + simulated;
    }

    /** Returns all that happened. */
    static String tell(long seed) {
        SimulatedKinesis simulated = new SimulatedKinesis(seed, KinesisPlant.NONE);
        simulated.run();
        return simulated + "\n" + simulated.oracle.deliveries() + " deliveries until " + simulated.time.millis();
    }

    /** Returns how often each event has happened. */
    static Map<String, Integer> count(long seed) {
        SimulatedKinesis simulated = new SimulatedKinesis(seed, KinesisPlant.NONE);
        simulated.run();
        return simulated.trouble.counts();
    }

    @Override
    public String toString() {
        return String.join("\n  ", story);
    }

    private void tell(String event) {
        story.add(time.millis() - VirtualTime.START + " ms: " + event);
    }

    private boolean oneIn(int chances) {
        return random.nextInt(chances) == 0;
    }

    // Set-up.

    private Polling polling() {
        long idle = oneIn(3) ? 0 : 200 + random.nextInt(2_000);
        return new Polling(
                Duration.ofMillis(idle),
                Duration.ofMillis(Math.max(1_000, idle) + random.nextInt(10_000)),
                oneIn(3) ? 1 + random.nextInt(4) : 5,
                2_000_000);
    }

    private void configure() {
        trouble.mostLatency = oneIn(3) ? 1_000 : 5 + random.nextInt(100);
        trouble.shardsOfAPage = 1 + random.nextInt(4);
        trouble.registrationMillis = random.nextInt(10_000);
        trouble.listingLagMillis = oneIn(3) ? 5_000 : 0;
        if (oneIn(4)) {
            server.retain(Duration.ofMinutes(2));
        }
        int count = oneIn(3) && !stream.isFanOut() ? 2 : 1; // a consumer has one reader of a shard
        for (int index = 0; index < count; index++) {
            mappings.add(world.mapping("mapping-" + index)
                    .with(position())
                    .with(Batching.defaults().withBatchSize(1 + random.nextInt(oneIn(2) ? 3 : 100))));
        }
        tell(stream + ", " + mappings);
    }

    private StartingPosition position() {
        return switch (random.nextInt(4)) {
            case 0 -> StartingPosition.of("LATEST", null);
            case 1 -> StartingPosition.of("AT_TIMESTAMP", time.instant().plusMillis(random.nextInt(20_000) - 5_000));
            default -> StartingPosition.of("TRIM_HORIZON", null);
        };
    }

    private BatchInvoker function() {
        return (invocation, listener, later) -> {
            oracle.invoked(invocation, time.millis());
            time.after(duration(), () -> {
                oracle.returned(invocation);
                later.accept(new InvocationOutcome.Succeeded());
            });
            return Completion.later();
        };
    }

    /** Mostly quick; when slow, an iterator may expire meanwhile. */
    private long duration() {
        if (random.nextInt(1_000) < slowness) {
            return random.nextInt(oneIn(10) ? 400_000 : 5_000);
        }
        return random.nextInt(30);
    }

    private CheckpointStore watched(CheckpointStore rows) {
        return new ForwardingStore(rows) {
            @Override
            public void create(MappingKey key, List<CheckpointRow> created) {
                boolean isFirst = rows.load(key).isEmpty();
                super.create(key, created);
                if (isFirst && key.incarnation().equals(server.incarnation())) {
                    oracle.created(key, created, time.millis());
                }
            }
        };
    }

    // What happens.

    private void run() {
        keepPutting();
        if (oneIn(2)) {
            reshard();
            pass(random.nextInt(3_000));
        }
        begin();
        int steps = 10 + random.nextInt(30);
        for (int step = 0; step < steps && oracle.violation() == null; step++) {
            happen();
        }
        finish();
    }

    private void happen() {
        switch (random.nextInt(12)) {
            case 0, 1 -> reshard();
            case 2 -> trouble();
            case 3 -> {
                trouble.calm();
                tell("calm");
            }
            case 4 -> {
                if (oneIn(2)) {
                    crash();
                } else {
                    stop();
                }
                begin();
            }
            case 5 -> {
                if (oneIn(6)) {
                    recreate();
                }
            }
            default -> pass(random.nextInt(oneIn(10) ? 60_000 : 3_000));
        }
    }

    private void pass(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    /** Puts records, at random times, until the end. */
    private void keepPutting() {
        if (!isProducing) {
            return;
        }
        List<String> open = server.openShards();
        int count = oneIn(4) ? random.nextInt(20) : random.nextInt(3);
        for (int record = 0; record < count && records < RECORDS && server.isActive(); record++) {
            records++;
            String shard = open.get(random.nextInt(open.size()));
            oracle.put(shard, server.put(shard, random.nextInt(100) < largeRecords ? LARGE : SMALL));
        }
        time.after(1 + random.nextInt(oneIn(20) ? 20_000 : 1_500), this::keepPutting);
    }

    private void reshard() {
        List<String> open = server.openShards();
        if (!server.isActive() || server.shards().size() > 12) {
            return;
        }
        String shard = open.get(random.nextInt(open.size()));
        if (open.size() < 4 && oneIn(2)) {
            server.split(shard);
            tell("split " + shard);
            trouble.count("splits");
        } else if (open.size() > 1) {
            String other = open.get((open.indexOf(shard) + 1) % open.size());
            server.merge(shard, other);
            tell("merge " + shard + " and " + other);
            trouble.count("merges");
        }
    }

    private void trouble() {
        trouble.throttles = oneIn(3) ? random.nextInt(60) : 0;
        trouble.faults = oneIn(3) ? random.nextInt(60) : 0;
        trouble.timeouts = oneIn(3) ? random.nextInt(40) : 0;
        trouble.expiries = oneIn(3) ? random.nextInt(60) : 0;
        trouble.emptyPages = oneIn(3) ? random.nextInt(80) : 0;
        trouble.shortPages = oneIn(3) ? random.nextInt(80) : 0;
        trouble.cuts = oneIn(3) ? random.nextInt(500) : 0;
        trouble.isDenied = oneIn(6);
        tell(trouble.toString());
    }

    /** Readers have time to see that the stream is gone: a reader without contact meanwhile may take the next stream for the same. */
    private void recreate() {
        trouble.calm();
        server.delete();
        tell("deleted");
        pass(GONE + random.nextInt(10_000));
        server.create(1 + random.nextInt(3), Duration.ofMillis(random.nextInt(5_000)));
        tell("created again");
        trouble.count("creations");
    }

    private void begin() {
        KinesisAsyncClient ofThisLife = new PacedKinesis(plant.client(new FakeKinesis(server, time, trouble)));
        client = ofThisLife;
        world.with(plant.source(new KinesisSource(
                DeliveryOracle.STREAM,
                stream,
                ofThisLife,
                () -> ofThisLife,
                new ReadEnvironment(
                        time,
                        plant.timer(time::after, random),
                        BackoffStrategy.exponentialDelayWithoutJitter(Duration.ofMillis(200), Duration.ofSeconds(5)),
                        new ReadAhead(readAhead),
                        new ShardQuotas(),
                        ReadObserver.NONE))));
        tell("begin");
        oracle.begin(mappings, time.millis());
        world.begin(mappings.get(0));
        for (EventSourceMapping mapping : mappings.subList(1, mappings.size())) {
            world.mappings().start(mapping, StartOptions.FROM_CHECKPOINTS);
        }
        time.settle();
        isRunning = true;
    }

    private void stop() {
        if (isRunning) {
            world.stop();
            isRunning = false;
            tell("stopped");
            trouble.count("stops");
        }
    }

    private void crash() {
        world.crash();
        Objects.requireNonNull(client).close();
        isRunning = false;
        tell("crashed");
        trouble.count("crashes");
        keepPutting();
    }

    /** Nothing goes wrong any more: everything is to be delivered. */
    private void finish() {
        trouble.calm();
        slowness = 0;
        isProducing = false;
        tell("finish");
        long limit = time.millis() + PATIENCE;
        String missing = oracle.missing();
        while (missing != null && time.millis() < limit && oracle.violation() == null) {
            pass(5_000);
            missing = oracle.missing();
        }
        String stuck = missing;
        oracle.require(stuck == null, () -> "stuck: " + stuck);
        stop();
    }

    /** Checks that the reads of a shard by one process keep to the rate limit. */
    private final class PacedKinesis extends ForwardingKinesis {

        private final Map<String, Long> reads = new HashMap<>();

        PacedKinesis(KinesisAsyncClient client) {
            super(client);
        }

        @Override
        public CompletableFuture<Void> subscribeToShard(
                SubscribeToShardRequest request, SubscribeToShardResponseHandler handler) {
            trouble.count("subscriptions");
            return super.subscribeToShard(request, handler);
        }

        @Override
        public CompletableFuture<GetRecordsResponse> getRecords(GetRecordsRequest request) {
            String shard = FakeKinesisServer.shardOf(request.shardIterator());
            Long before = reads.put(shard, time.millis());
            oracle.require(
                    before == null || time.millis() - before >= 1_000 / polling.readsPerSecond(),
                    () -> shard + " is read after " + (before == null ? 0 : time.millis() - before) + " ms again");
            return super.getRecords(request);
        }
    }
}
