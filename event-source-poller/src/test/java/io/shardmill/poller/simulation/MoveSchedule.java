package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.stream.MovedStream;
import io.shardmill.poller.stream.Predecessor;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.VirtualTime;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One random move of a stream that is in use, from its seed alone: lives on the old stream, the move, perhaps to another database,
 * and lives on the new one, which is filled before and gets records all the time. A life ends in a stop or a kill, at any step.
 */
final class MoveSchedule {

    /** Stands between the engine and its ports, for a bug to be planted there. */
    interface Plant {

        Plant NONE = new Plant() {};

        /** Where mappings begin on the new stream. */
        default StartingPosition next() {
            return new StartingPosition.TrimHorizon();
        }

        default StreamSource predecessor(StreamSource old, CheckpointStore store) {
            return old;
        }

        default CheckpointStore store(CheckpointStore store) {
            return store;
        }
    }

    /** A stream and its producer. Records of a key are put in their order, and stay so over splits. */
    private final class Side {

        final FakeStream stream;
        final Map<String, String> shardOfKey = new HashMap<>();
        final List<Record> records = new ArrayList<>();

        Side(FakeStream stream) {
            this.stream = stream;
        }

        void put() {
            String key = "key-" + random.nextInt(5);
            String shard = shardOfKey.computeIfAbsent(key, one -> any(stream.openShards()));
            records.add(
                    stream.put(shard, key, stream == old.stream ? "old " + records.size() : "new " + records.size()));
        }

        void split() {
            String parent = any(stream.openShards());
            if (stream.shardIds().size() < 8) {
                List<String> children = stream.split(parent);
                shardOfKey.replaceAll((key, shard) -> shard.equals(parent) ? any(children) : shard);
            }
        }

        void change() {
            if (random.nextInt(8) == 0) {
                split();
            } else {
                put();
            }
        }
    }

    private final Random random;
    private final Plant plant;
    private final World world;
    private final Side old;
    private final Side successor;
    private final EventSourceMapping mapping;
    private final Set<String> delivered = new HashSet<>();
    private CheckpointStore rows = newDatabase();
    private @Nullable String violation;
    private boolean isHealthy;

    private MoveSchedule(long seed, Plant plant) {
        this.random = new Random(seed);
        this.plant = plant;
        this.world = new World(1 + random.nextInt(3), new VirtualTime(new Random(seed + 1)));
        this.old = new Side(world.stream);
        this.successor = new Side(new FakeStream("orders", 1 + random.nextInt(3), world.time, 70));
        FailureHandling rules = random.nextBoolean()
                ? FailureHandling.defaults()
                : FailureHandling.defaults().withMaximumRetryAttempts(1).withDestination("failures");
        this.mapping = world.mapping()
                .with(world.mapping()
                        .batching()
                        .withBatchSize(1 + random.nextInt(4))
                        .withFactor(1 + random.nextInt(3)))
                .with(rules);
        world.with(plant.store(rows));
        world.function.answers(this::deliver).takes(invocation -> random.nextInt(3) == 0 ? random.nextInt(700) : 0);
    }

    private static CheckpointStore newDatabase() {
        return new InMemoryCheckpointStore(InstantSource.fixed(Instant.EPOCH));
    }

    /** Returns what went wrong, or null. */
    static @Nullable String play(long seed, Plant plant) {
        MoveSchedule schedule = new MoveSchedule(seed, plant);
        schedule.play();
        return schedule.violation;
    }

    private void play() {
        for (int life = random.nextInt(3); life >= 0; life--) {
            live(() -> (random.nextInt(4) == 0 ? successor : old).change());
        }
        while (random.nextInt(3) > 0) {
            old.change();
        }
        move();
        for (int life = random.nextInt(5); life >= 0; life--) {
            live(successor::change);
        }
        isHealthy = true;
        world.start(mapping).advance(Duration.ofHours(1));
        successor.put();
        world.advance(Duration.ofMinutes(1));
        world.crash();
        old.records.forEach(record -> requireDone(record, "in the end"));
        successor.records.forEach(record -> requireDone(record, "in the end"));
    }

    private void move() {
        old.stream.closeAll();
        if (random.nextBoolean()) {
            CheckpointStore imported = newDatabase();
            rows.mappings(World.NAMESPACE).forEach(key -> imported.create(key, rows.load(key)));
            rows = imported;
            world.with(plant.store(rows)).with(new InMemoryMappingStore(rows));
        }
        world.with(new MovedStream(
                successor.stream,
                new Predecessor(
                        "embedded stream", plant.predecessor(old.stream, rows), plant.next(), "bring it back")));
    }

    private void live(Runnable change) {
        world.begin(mapping);
        for (int steps = random.nextInt(40); steps > 0; steps--) {
            if (random.nextInt(3) == 0) {
                change.run();
            }
            long limit = world.time.millis() + random.nextInt(300);
            for (int turns = random.nextInt(20); turns > 0 && world.time.step(limit); turns--) {}
        }
        if (random.nextBoolean()) {
            world.stop();
        } else {
            world.crash();
            successor.stream.crash();
        }
    }

    private InvocationOutcome deliver(Invocation invocation) {
        Set<String> earlier = new HashSet<>();
        for (Record record : invocation.records()) {
            requireOrder(record, earlier);
            earlier.add(record.text());
        }
        if (!isHealthy && random.nextInt(4) == 0) {
            return InvocationOutcome.Failure.threw(new IllegalStateException("not now"));
        }
        delivered.addAll(earlier);
        return new InvocationOutcome.Succeeded();
    }

    /** All that comes before a record is done: of the old stream all, of its own what has its key. */
    private void requireOrder(Record record, Set<String> inThisBatch) {
        boolean isOld = record.text().startsWith("old");
        if (!isOld) {
            old.records.forEach(before -> requireDone(before, "before " + record.text()));
        }
        for (Record before : (isOld ? old : successor).records) {
            if (before.text().equals(record.text())) {
                return;
            }
            if (before.partitionKey().equals(record.partitionKey()) && !inThisBatch.contains(before.text())) {
                requireDone(before, "before " + record.text());
            }
        }
    }

    private void requireDone(Record record, String when) {
        boolean isDone = delivered.contains(record.text())
                || world.destination.batches().stream()
                        .flatMap(batch -> batch.records().stream())
                        .anyMatch(discarded -> discarded.text().equals(record.text()));
        if (!isDone && violation == null) {
            violation = record.text() + " is not delivered " + when;
        }
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
