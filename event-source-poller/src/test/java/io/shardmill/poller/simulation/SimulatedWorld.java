package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.event.KinesisFormat;
import io.shardmill.poller.internal.shard.EngineMemory;
import io.shardmill.poller.internal.shard.MemoryBudget;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** What outlives a process: stream, checkpoint rows, time, and the observers. */
final class SimulatedWorld {

    private static final byte[] LARGE = new byte[2_500_000];
    private static final byte[] TOO_LARGE = new byte[5_000_000];

    final Random random;
    final Plant plant;
    final VirtualTime time;
    final FakeStream stream;
    final Story story;
    final Trouble trouble;
    final Verdict verdict;
    final Ledger ledger;
    final AcceptedChanges accepted;
    final SimulatedFolder folder;
    final Oracle oracle;
    final Tally tally;
    final StartingPosition startingPosition;

    private final Map<String, String> shardOfKey = new TreeMap<>();

    /** Records the function fails on, and whether it would rather report them than throw. */
    private final Map<SequenceNumber, Boolean> poison = new HashMap<>();

    /** Records that make a window's state too large. */
    private final Set<SequenceNumber> bloating = new HashSet<>();

    private final Map<String, Integer> trimmed = new HashMap<>();
    private final int keys;
    private final boolean hasLargeRecords;
    private int depth;
    private int version;

    /** There is no function before. */
    private long deployedAt;

    SimulatedWorld(Random random, Plant plant, Tally tally, boolean detailed) {
        this.random = random;
        this.plant = plant;
        this.time = new VirtualTime(random);
        this.story = new Story(time, detailed);
        this.trouble = new Trouble(random);
        this.startingPosition = Settings.startingPosition(random);
        this.keys = 1 + random.nextInt(12);
        this.hasLargeRecords = random.nextInt(8) == 0;
        this.stream = new FakeStream(Settings.STREAM, 1 + random.nextInt(3), time);
        this.tally = tally;
        this.verdict = new Verdict(story);
        this.accepted = new AcceptedChanges(verdict);
        this.ledger = new Ledger(startingPosition, tally, verdict);
        this.folder = new SimulatedFolder(time, ledger, accepted);
        this.oracle = new Oracle(
                KinesisFormat.of(stream.arn()), ledger, new Owners(folder::isMember), tally, verdict, this::isBloating);
        stream.shardIds().forEach(shard -> ledger.added(shard, List.of()));
    }

    /** Another process changes the mapping between a read and a write of it. */
    Runnable otherWriter = () -> {};

    /** Other threads run while a call blocks. */
    void meanwhile() {
        if (depth > 0 || random.nextInt(4) > 0) {
            return;
        }
        depth++;
        int steps = random.nextInt(6);
        long limit = time.millis() + (random.nextInt(4) == 0 ? random.nextInt(2_000) : 0);
        while (steps-- > 0 && time.step(limit)) {}
        depth--;
    }

    /** Mostly plenty, else so little that shards wait for each other. */
    EngineMemory drawMemory() {
        if (random.nextInt(3) > 0) {
            return EngineMemory.ofHeap(1L << 32);
        }
        int scale = hasLargeRecords ? 1 << 10 : 1;
        return new EngineMemory(
                new MemoryBudget((1 + random.nextInt(6_000)) * (long) scale),
                new MemoryBudget((1 + random.nextInt(20_000)) * (long) scale));
    }

    EventSourceMapping drawSettings() {
        return Settings.draw(random, startingPosition, !hasLargeRecords);
    }

    void put() {
        String key = "key-" + random.nextInt(keys);
        String shard = shardOfKey.computeIfAbsent(key, one -> any(stream.openShards()));
        long age = random.nextInt(20) == 0 ? random.nextInt(80_000) : 0;
        Record record = stream.put(shard, key, data(), time.millis() - age);
        ledger.put(record, time.millis());
        if (random.nextInt(150) == 0) {
            bloating.add(record.sequenceNumber());
        }
        if (random.nextInt(12) == 0) {
            poison.put(record.sequenceNumber(), random.nextBoolean());
        }
    }

    private byte[] data() {
        if (!hasLargeRecords || random.nextInt(3) > 0) {
            return SimulatedFilter.drawPayload(random).getBytes(StandardCharsets.UTF_8);
        }
        return random.nextInt(4) == 0 ? TOO_LARGE : LARGE;
    }

    /** The function's code is replaced, at once or after a while in which there is none; it fails on other records then. */
    void deploy() {
        version++;
        deployedAt = time.millis() + (random.nextBoolean() ? 0 : random.nextInt(5_000));
        story.tell("version " + version + " of the function" + (isDeployed() ? "" : " to come"));
        tally.count("deployments");
    }

    int version() {
        return version;
    }

    boolean isDeployed() {
        return time.millis() >= deployedAt;
    }

    /** Two versions of three fail on it. */
    boolean isPoison(Record record) {
        return poison.containsKey(record.sequenceNumber())
                && (record.sequenceNumber().hashCode() + version) % 3 != 0;
    }

    boolean isBloating(Record record) {
        return bloating.contains(record.sequenceNumber());
    }

    boolean isReported(Record record) {
        return poison.getOrDefault(record.sequenceNumber(), false);
    }

    void curePoison() {
        poison.clear();
    }

    <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    void split() {
        List<String> open = stream.openShards();
        if (stream.shardIds().size() > 8) {
            return;
        }
        String parent = any(open);
        List<String> children = stream.split(parent);
        ledger.closed(parent);
        children.forEach(child -> ledger.added(child, List.of(parent)));
        route(List.of(parent), children);
        tally.count("splits");
    }

    void merge() {
        List<String> open = stream.openShards();
        if (open.size() < 2 || stream.shardIds().size() > 8) {
            return;
        }
        int first = random.nextInt(open.size() - 1);
        List<String> parents = open.subList(first, first + 2);
        String child = stream.merge(parents.get(0), parents.get(1));
        parents.forEach(ledger::closed);
        ledger.added(child, parents);
        route(parents, List.of(child));
        tally.count("merges");
    }

    private void route(List<String> parents, List<String> children) {
        shardOfKey.replaceAll((key, shard) -> parents.contains(shard) ? any(children) : shard);
    }

    /** The stream forgets a closed shard, be it delivered or not: of those that come of each other the oldest first. */
    void forget(List<SimulatedProcess> alive) {
        List<String> closed = stream.shardIds().stream()
                .filter(shard -> ledger.book(shard).closed)
                .filter(shard -> ledger.book(shard).parents.stream().allMatch(parent -> ledger.book(parent).forgotten))
                .toList();
        if (closed.isEmpty()) {
            return;
        }
        String shard = any(closed);
        tally.count(
                alive.stream().anyMatch(process -> ledger.isStillConsumed(shard, process))
                        ? "forgotten while delivered"
                        : "forgotten");
        ledger.forgotten(shard);
        stream.forget(shard);
        story.tell("the stream forgets " + shard);
    }

    /** The stream forgets some of a shard's oldest records. */
    void trim() {
        String shard = any(stream.shardIds());
        int count = random.nextInt(stream.records(shard).size() / 2 + 1);
        int already = trimmed.getOrDefault(shard, 0);
        if (count > already) {
            stream.trim(shard, count - already);
            ledger.trimmed(shard, count);
            trimmed.put(shard, count);
            tally.count("trims");
        }
    }
}
