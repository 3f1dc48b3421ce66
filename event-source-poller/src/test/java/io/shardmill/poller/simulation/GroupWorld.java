package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.testkit.FakeGroup;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.VirtualTime;
import java.util.Random;

/** What outlives the processes of a group: the topic, the group, time, and those who watch. */
final class GroupWorld {

    /** Stands between the engine and its ports, for a bug to be planted there; here: for nothing. */
    interface Plant extends FakeGroup.Habits {

        Plant NONE = new Plant() {};

        default CheckpointStore store(CheckpointStore store) {
            return store;
        }

        default StreamSource source(StreamSource source) {
            return source;
        }
    }

    final Random random;
    final Plant plant;
    final VirtualTime time;
    final FakeStream topic;
    final FakeGroup group;
    final Story story;
    final Verdict verdict;
    final Tally tally;
    final GroupLedger ledger;

    boolean isTroubled = true;

    // Of a hundred.
    int badInvocations;
    int slowInvocations;
    int badCommits;

    private final int keys;
    private int depth;
    private int records;

    GroupWorld(Random random, Plant plant, Tally tally, boolean detailed) {
        this.random = random;
        this.plant = plant;
        this.tally = tally;
        this.time = new VirtualTime(random);
        this.story = new Story(time, detailed);
        this.verdict = new Verdict(story);
        this.ledger = new GroupLedger(tally, verdict);
        this.topic = FakeStream.topic("orders", 1 + random.nextInt(4), time);
        this.group = new FakeGroup(topic, time, random, ledger, plant);
        this.keys = 1 + random.nextInt(6);
        ledger.watch(group);
    }

    boolean strikes(int percent) {
        return percent > 0 && random.nextInt(100) < percent;
    }

    /** Other threads run while a call blocks. */
    void meanwhile() {
        if (depth > 0 || random.nextInt(8) > 0) {
            return;
        }
        depth++;
        int steps = random.nextInt(3) == 0 ? random.nextInt(200) : random.nextInt(12);
        long limit = time.millis() + (random.nextInt(3) == 0 ? random.nextInt(3_000) : 0);
        if (steps > 12 && isTroubled && random.nextInt(3) == 0) {
            group.shuffle();
        }
        while (steps-- > 0 && time.step(limit)) {}
        depth--;
    }

    /** The group assigns anew just now, and what it says is done before a call goes on. */
    void shardsMoveMeanwhile() {
        if (depth == 0 && isTroubled && random.nextInt(4) == 0) {
            depth++;
            group.shuffle();
            long limit = time.millis() + random.nextInt(5_000);
            for (int steps = 500; steps > 0 && time.step(limit); steps--) {}
            depth--;
        }
    }

    void put() {
        String shard = topic.shardIds().get(random.nextInt(topic.shardIds().size()));
        ledger.put(topic.put(shard, "key-" + random.nextInt(keys), "r" + ++records));
    }

    /** Mostly quick; when slow: up to longer than a hand-over waits. */
    long drawDuration() {
        if (strikes(slowInvocations)) {
            return 1L + random.nextInt(random.nextBoolean() ? 2_000 : 40_000);
        }
        return random.nextInt(3) == 0 ? 1 + random.nextInt(30) : 0;
    }
}
