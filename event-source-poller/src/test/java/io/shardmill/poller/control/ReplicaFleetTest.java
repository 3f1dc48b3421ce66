package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.control.MappingStatus.ShardActivity;
import io.shardmill.poller.control.MappingStatus.ShardProgress;
import io.shardmill.poller.testkit.Replica;
import io.shardmill.poller.testkit.ScriptedFunction.Delivery;
import io.shardmill.poller.testkit.VirtualTime;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Fleets of two to twenty replicas that come and go, on a database whose clock jumps: all shards are consumed again within
 * bounds, evenly, and nothing is lost. {@code -Dfleets.seeds=10000} plays more of them.
 */
class ReplicaFleetTest {

    private static final int SEEDS = Integer.getInteger("fleets.seeds", 100);
    private static final int MOST = 20;

    /** How long the shards of a killed replica stay: its time to live, and two reads of the members. */
    private static final Duration TAKEN_OVER = Duration.ofSeconds(8);

    /** One that joins or stops while all handlers are quick. */
    private static final Duration BALANCED = Duration.ofSeconds(5);

    private record Member(Mappings mappings, Replica threads) {}

    private static final class Fleet {

        private final Random random;
        private final World world;
        private final List<String> names;
        private final Map<String, Member> members = new TreeMap<>();
        private int started;
        private int records;
        private long clockOffset;

        Fleet(long seed, int shards, int mappings) {
            this.random = new Random(seed);
            VirtualTime time = new VirtualTime(random);
            this.world = new World(shards, time)
                    .with(new InMemoryCheckpointStore(() -> time.instant().plusMillis(clockOffset)))
                    .shared();
            this.names =
                    IntStream.range(0, mappings).mapToObj(i -> "mapping-" + i).toList();
        }

        void start(List<String> mappings) {
            Replica threads = new Replica(world.time);
            Mappings process = world.process("replica-%02d".formatted(++started), threads);
            members.put("replica-%02d".formatted(started), new Member(process, threads));
            mappings.forEach(name -> process.start(world.mapping(name), StartOptions.FROM_CHECKPOINTS));
        }

        void start() {
            start(names);
        }

        private Member remove() {
            List<String> all = new ArrayList<>(members.keySet());
            return members.remove(all.get(random.nextInt(all.size())));
        }

        void kill() {
            remove().threads().kill();
        }

        void stop() {
            world.await(remove().mappings().close());
        }

        void standStill() {
            Member member = new ArrayList<>(members.values()).get(random.nextInt(members.size()));
            member.threads().suspend();
            world.advance(Duration.ofMillis(random.nextInt(20_000)));
            member.threads().resume();
        }

        void jumpClock() {
            clockOffset = random.nextInt(60_001) - 30_000L;
        }

        void put() {
            world.stream.shardIds().forEach(shard -> world.stream.put(shard, "key", String.valueOf(records++)));
        }

        void advance(Duration duration) {
            world.advance(duration);
        }

        /** Who consumes which mapping's shards. */
        Map<String, List<String>> load() {
            Map<String, List<String>> load = new TreeMap<>();
            members.forEach((name, member) -> {
                List<String> consumed = new ArrayList<>();
                for (String mapping : member.mappings().names()) {
                    world.await(member.mappings().describe(mapping)).shards().stream()
                            .filter(shard -> shard.activity() == ShardActivity.CONSUMING)
                            .map(ShardProgress::shard)
                            .forEach(shard -> consumed.add(mapping + "/" + shard));
                }
                load.put(name, consumed);
            });
            return load;
        }

        void assertAllIsConsumedOnce() {
            List<String> consumed =
                    load().values().stream().flatMap(List::stream).toList();
            assertThat(consumed)
                    .hasSize(world.stream.shardIds().size() * names.size())
                    .doesNotHaveDuplicates();
        }

        void assertEven() {
            assertAllIsConsumedOnce();
            List<Integer> sizes =
                    load().values().stream().map(List::size).sorted().toList();
            assertThat(sizes.get(sizes.size() - 1) - sizes.get(0))
                    .as(sizes::toString)
                    .isLessThanOrEqualTo(1);
        }

        void assertNothingIsLost() {
            Set<String> delivered = new HashSet<>();
            for (Delivery delivery : world.function.deliveries()) {
                delivery.texts()
                        .forEach(text -> delivered.add(delivery.invocation().mapping() + " " + text));
            }
            assertThat(delivered).hasSize(records * names.size());
        }

        long deliveries() {
            return world.function.deliveries().stream()
                    .mapToLong(delivery -> delivery.texts().size())
                    .sum();
        }
    }

    @Test
    void whoever_comes_and_goes_all_shards_are_consumed_again_within_bounds_and_evenly() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            try {
                play(new Fleet(seed, 1 + new Random(seed).nextInt(40), 1));
            } catch (AssertionError wrong) {
                throw new AssertionError("Fleet of seed " + seed, wrong);
            }
        }
    }

    private static void play(Fleet fleet) {
        fleet.start();
        fleet.start();
        for (int step = 0; step < 25; step++) {
            int choice = fleet.random.nextInt(6);
            if (choice == 0 && fleet.members.size() > 1) {
                fleet.kill();
                fleet.advance(TAKEN_OVER);
                fleet.assertAllIsConsumedOnce();
            } else if (choice == 1 && fleet.members.size() > 1) {
                fleet.stop();
            } else if (choice == 2) {
                fleet.standStill();
            } else if (choice == 3) {
                fleet.jumpClock();
            } else if (fleet.members.size() < MOST) {
                fleet.start();
            }
            fleet.put();
            fleet.advance(Duration.ofMillis(fleet.random.nextInt(2_000)));
        }
        fleet.advance(TAKEN_OVER.plus(BALANCED));
        fleet.assertEven();
        fleet.assertNothingIsLost();
    }

    @Test
    void a_rolling_restart_of_a_thousand_shards_delivers_nothing_twice() {
        Fleet fleet = new Fleet(1, 1_000, 1);
        for (int replica = 0; replica < 10; replica++) {
            fleet.start();
        }
        fleet.advance(BALANCED);
        fleet.assertEven();
        for (int restart = 0; restart < 5; restart++) {
            fleet.put();
            fleet.stop();
            fleet.start();
            fleet.advance(BALANCED);
            fleet.assertEven();
        }
        assertThat(fleet.deliveries()).isEqualTo(fleet.records);
        fleet.assertNothingIsLost();
    }

    @Test
    void a_hundred_mappings_of_one_shard_are_shared_by_those_that_can_run_them() {
        Fleet fleet = new Fleet(1, 1, 100);
        List<String> half = fleet.names.subList(0, 50);
        for (int replica = 0; replica < 3; replica++) {
            fleet.start(fleet.names);
            fleet.start(half);
        }
        fleet.advance(BALANCED);
        fleet.put();
        fleet.advance(BALANCED);

        fleet.assertEven();
        fleet.assertNothingIsLost();
        fleet.kill();
        fleet.put();
        fleet.advance(TAKEN_OVER.plus(BALANCED));
        fleet.assertEven();
        fleet.assertNothingIsLost();
    }
}
