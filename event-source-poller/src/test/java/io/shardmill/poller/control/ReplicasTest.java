package io.shardmill.poller.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.shardmill.poller.assignment.Acquisition.Kind;
import io.shardmill.poller.assignment.ReplicaGroup;
import io.shardmill.poller.assignment.ReplicaStatus.Member;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.control.MappingStatus.ShardActivity;
import io.shardmill.poller.control.MappingStatus.ShardProgress;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.testkit.CapturedLog;
import io.shardmill.poller.testkit.Counts;
import io.shardmill.poller.testkit.ForwardingStore;
import io.shardmill.poller.testkit.Replica;
import io.shardmill.poller.testkit.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Several processes on one database share the shards of a mapping. */
class ReplicasTest {

    private static final int SHARDS = 6;
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Long enough for two reads of the members. */
    private static final Duration TWO_TICKS = Duration.ofMillis(1_600);

    private final World world = new World(SHARDS).shared();
    private final Map<String, Mappings> replicas = new LinkedHashMap<>();
    private final Map<String, Replica> threads = new LinkedHashMap<>();
    private int records;

    private Mappings start(String name) {
        Replica replica = new Replica(world.time);
        Mappings mappings = world.process(name, replica);
        replicas.put(name, mappings);
        threads.put(name, replica);
        mappings.start(world.mapping().with(Batching.defaults().withBatchSize(1)), StartOptions.FROM_CHECKPOINTS);
        return mappings;
    }

    private void kill(String name) {
        threads.get(name).kill();
        replicas.remove(name);
    }

    /** How many shards each replica consumes. */
    private Map<String, Integer> load() {
        Map<String, Integer> load = new LinkedHashMap<>();
        replicas.forEach((name, mappings) -> load.put(name, consumed(mappings).size()));
        return load;
    }

    private List<String> consumed(Mappings mappings) {
        return world.await(mappings.describe("orders")).shards().stream()
                .filter(shard -> shard.activity() == ShardActivity.CONSUMING)
                .map(ShardProgress::shard)
                .toList();
    }

    private ReplicaGroup group(String name) {
        return replicas.get(name).replicas().orElseThrow();
    }

    /** How the shards came to those that a replica consumes. */
    private List<Kind> acquisitions(String name) {
        return world.await(replicas.get(name).describe("orders")).shards().stream()
                .map(ShardProgress::holding)
                .filter(Objects::nonNull)
                .map(holding -> Objects.requireNonNull(holding.acquisition()).kind())
                .toList();
    }

    private void put() {
        world.stream.shardIds().forEach(shard -> world.stream.put(shard, "key", String.valueOf(records++ % 10)));
    }

    private int delivered() {
        return world.function.deliveries().size();
    }

    @Test
    void shards_are_shared_evenly() {
        start("one");
        start("two");
        world.advance(Duration.ofSeconds(3));
        assertThat(load()).isEqualTo(Map.of("one", 3, "two", 3));

        start("three");
        start("four");
        world.advance(Duration.ofSeconds(3));
        assertThat(load().values()).containsExactlyInAnyOrder(1, 1, 2, 2);
    }

    @Test
    void a_join_delivers_nothing_twice_and_nothing_late() {
        world.function.takes(invocation -> 200);
        start("one");
        for (int tenths = 0; tenths < 200; tenths++) {
            if (tenths == 50) {
                start("two");
            }
            put();
            world.advance(Duration.ofMillis(300));
        }
        world.advance(SECOND);

        assertThat(load()).isEqualTo(Map.of("one", 3, "two", 3));
        assertThat(delivered()).isEqualTo(records);
    }

    @Test
    void the_shards_of_a_dead_process_are_read_again_within_eight_seconds() {
        start("one");
        start("two");
        world.advance(Duration.ofSeconds(10));
        kill("two");
        put();
        world.advance(Duration.ofSeconds(8));

        assertThat(load()).isEqualTo(Map.of("one", SHARDS));
        assertThat(delivered()).isEqualTo(SHARDS);
        assertThat(world.members().members(World.NAMESPACE)).hasSize(1);
    }

    @Test
    void a_process_that_stops_leaves_its_shards_at_once() {
        start("one");
        start("two");
        world.advance(Duration.ofSeconds(3));
        world.await(replicas.remove("two").close());
        put();
        world.advance(TWO_TICKS);

        assertThat(load()).isEqualTo(Map.of("one", SHARDS));
        assertThat(delivered()).isEqualTo(SHARDS);
    }

    @Test
    void a_process_that_stood_still_for_too_long_starts_nothing_and_joins_anew() {
        start("one");
        start("two");
        world.advance(Duration.ofSeconds(3));
        threads.get("two").suspend();
        world.advance(Duration.ofSeconds(10));
        put();
        world.advance(SECOND);
        assertThat(delivered()).isEqualTo(SHARDS);
        threads.get("two").resume();
        put();
        world.advance(Duration.ofSeconds(5));

        assertThat(load()).isEqualTo(Map.of("one", 3, "two", 3));
        assertThat(delivered()).as("nothing was delivered by both").isEqualTo(2 * SHARDS);
    }

    @Test
    void a_process_that_was_taken_for_dead_says_once_what_it_has_lost() {
        Counts counts = new Counts();
        world.with(counts);
        start("one");
        start("two");
        world.advance(Duration.ofSeconds(3));
        world.function.takes(invocation -> Duration.ofMinutes(1).toMillis());
        put();
        world.advance(SECOND);
        threads.get("two").suspend();
        world.advance(Duration.ofSeconds(10));
        threads.get("two").resume();
        world.advance(Duration.ofSeconds(20));

        assertThat(counts.lost()).as("its invocations still run").isEqualTo(SHARDS / 2);
    }

    @Test
    void a_handler_that_runs_too_long_does_not_hold_a_shard_for_ever() {
        world.function.takes(invocation -> Duration.ofMinutes(5).toMillis());
        start("one");
        put();
        world.advance(SECOND);
        start("two");
        world.advance(Duration.ofSeconds(20));
        assertThat(load()).isEqualTo(Map.of("one", SHARDS, "two", 0));
        world.advance(Duration.ofSeconds(10));

        assertThat(load()).isEqualTo(Map.of("one", 3, "two", 3));
        assertThat(delivered()).as("unclean: these batches come again").isEqualTo(SHARDS + 3);
    }

    @Test
    void a_drained_process_hands_its_shards_over_cleanly_and_gets_none_until_it_is_resumed() {
        world.function.takes(invocation -> 2_000);
        start("one");
        start("two");
        world.advance(Duration.ofSeconds(3));
        put();
        world.advance(SECOND);
        CompletableFuture<Void> drained = group("two").drain();
        world.advance(Duration.ofMillis(500));
        assertThat(drained).as("its invocations still run").isNotDone();
        world.await(drained);
        assertThat(group("two").status().shards()).isZero();
        world.advance(TWO_TICKS);
        put();
        world.advance(Duration.ofSeconds(30));
        assertThat(load()).isEqualTo(Map.of("one", SHARDS, "two", 0));
        assertThat(group("one").status().members())
                .as("it lives")
                .extracting(Member::shards, Member::isDraining)
                .containsExactly(tuple(SHARDS, false), tuple(0, true));

        world.await(group("two").resume());
        world.advance(Duration.ofSeconds(10));
        assertThat(load()).isEqualTo(Map.of("one", 3, "two", 3));
        assertThat(delivered()).isEqualTo(2 * SHARDS);
    }

    @Test
    void nobody_consumes_when_all_are_drained() {
        try (CapturedLog log = new CapturedLog("io.shardmill.poller")) {
            start("one");
            start("two");
            world.advance(Duration.ofSeconds(3));
            world.await(group("one").drain());
            assertThat(log.lines()).noneMatch(line -> line.contains("All replicas are draining"));
            world.await(group("two").drain());
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARN All replicas are draining: nothing is consumed"));
        }
        put();
        world.advance(Duration.ofSeconds(30));
        assertThat(load()).isEqualTo(Map.of("one", 0, "two", 0));
        assertThat(delivered()).isZero();
        assertThat(group("one").status().isEveryoneDraining()).isTrue();

        world.await(group("one").resume());
        world.advance(Duration.ofSeconds(3));
        assertThat(load()).isEqualTo(Map.of("one", SHARDS, "two", 0));
        assertThat(delivered()).isEqualTo(SHARDS);
    }

    @Test
    void a_drained_process_that_was_taken_for_dead_is_still_drained_when_it_joins_anew() {
        start("one");
        start("two");
        world.advance(Duration.ofSeconds(3));
        world.await(group("two").drain());
        String before = group("two").status().id();
        threads.get("two").suspend();
        world.advance(Duration.ofSeconds(10));
        threads.get("two").resume();
        world.advance(Duration.ofSeconds(5));

        assertThat(group("two").status().id()).isNotEqualTo(before);
        assertThat(load()).isEqualTo(Map.of("one", SHARDS, "two", 0));
    }

    @Test
    void a_drain_that_is_taken_back_before_its_end_fails() {
        world.function.takes(invocation -> 10_000);
        start("one");
        start("two");
        world.advance(Duration.ofSeconds(3));
        put();
        world.advance(SECOND);
        CompletableFuture<Void> drained = group("two").drain();
        world.advance(SECOND);
        world.await(group("two").resume());
        assertThat(drained).isCompletedExceptionally();
        world.advance(Duration.ofSeconds(30));

        assertThat(load()).isEqualTo(Map.of("one", 3, "two", 3));
        assertThat(delivered()).isEqualTo(SHARDS);
    }

    @Test
    void each_shows_how_it_came_to_its_shards() {
        start("one");
        world.advance(SECOND);
        assertThat(acquisitions("one")).containsOnly(Kind.FIRST).hasSize(SHARDS);
        start("two");
        world.advance(Duration.ofSeconds(3));
        assertThat(acquisitions("one")).containsOnly(Kind.FIRST).hasSize(3);
        assertThat(acquisitions("two")).containsOnly(Kind.HANDED_OVER).hasSize(3);
        kill("two");
        world.advance(Duration.ofSeconds(10));
        assertThat(acquisitions("one"))
                .containsOnly(Kind.FIRST, Kind.TAKEN_OVER)
                .hasSize(SHARDS);

        world.await(replicas.get("one").pause("orders"));
        world.await(replicas.get("one").resume("orders"));
        world.advance(SECOND);
        assertThat(acquisitions("one")).containsOnly(Kind.KEPT).hasSize(SHARDS);
        world.await(replicas.remove("one").close());
        start("three");
        world.advance(Duration.ofSeconds(3));
        assertThat(acquisitions("three")).containsOnly(Kind.RELEASED).hasSize(SHARDS);
    }

    @Test
    void a_process_says_that_it_is_fenced_off_until_a_heartbeat_succeeds() {
        start("one");
        start("two");
        world.advance(Duration.ofSeconds(3));
        threads.get("two").suspend();
        world.advance(Duration.ofSeconds(3));
        assertThat(group("two").status().isFencedOff()).isFalse();
        world.advance(Duration.ofSeconds(3));
        assertThat(group("two").status().isFencedOff()).isTrue();
        assertThat(group("two").status().heartbeatAgeMillis()).isBetween(5_000L, 7_500L);
        threads.get("two").resume();
        world.advance(SECOND);

        assertThat(group("two").status().isFencedOff()).isFalse();
    }

    @Test
    void a_shard_whose_taking_nobody_heard_of_is_not_held_for_ever() {
        AtomicBoolean isAnswerLost = new AtomicBoolean(true);
        world.with(new ForwardingStore(world.store()) {
            @Override
            public List<CheckpointRow> takeOver(MappingKey key, Map<String, Long> epochs, String owner) {
                List<CheckpointRow> taken = super.takeOver(key, epochs, owner);
                if (isAnswerLost.get()) {
                    throw new CheckpointStoreException("the answer is lost", new IllegalStateException());
                }
                return taken;
            }
        });
        start("one");
        start("two");
        world.advance(TWO_TICKS);
        isAnswerLost.set(false);
        world.advance(Duration.ofSeconds(3));

        assertThat(load()).isEqualTo(Map.of("one", 3, "two", 3));
    }

    @Test
    void a_pause_and_a_resume_at_any_process_are_obeyed_by_all() {
        start("one");
        start("two");
        world.advance(Duration.ofSeconds(3));
        world.await(replicas.get("two").pause("orders"));
        world.advance(TWO_TICKS);
        put();
        world.advance(Duration.ofSeconds(30));
        assertThat(delivered()).isZero();
        assertThat(states()).containsOnly(State.DISABLED);

        world.await(replicas.get("one").resume("orders"));
        world.advance(Duration.ofSeconds(3));
        assertThat(delivered()).isEqualTo(SHARDS);
        assertThat(load()).isEqualTo(Map.of("one", 3, "two", 3));
    }

    private List<State> states() {
        List<State> states = new ArrayList<>();
        replicas.values()
                .forEach(mappings ->
                        states.add(world.await(mappings.describe("orders")).state()));
        return states;
    }

    @Test
    void a_replay_at_any_process_is_carried_out_once_for_all_shards() {
        start("one");
        start("two");
        put();
        world.advance(Duration.ofSeconds(3));
        world.await(replicas.get("two").replay("orders", new Replay.FromTrimHorizon()));
        world.advance(Duration.ofSeconds(3));

        assertThat(delivered()).isEqualTo(2 * SHARDS);
        assertThat(load()).isEqualTo(Map.of("one", 3, "two", 3));
    }

    @Test
    void a_process_whose_row_says_what_it_said_before_says_again_what_it_can_consume() {
        start("one");
        start("two");
        world.advance(Duration.ofSeconds(3));
        world.members().describe(World.NAMESPACE, group("one").status().id(), Set.of(), true);
        world.advance(Duration.ofSeconds(5));

        assertThat(load()).isEqualTo(Map.of("one", 3, "two", 3));
    }

    @Test
    void the_children_of_a_shard_wait_for_it_whoever_consumes_it() {
        start("one");
        start("two");
        world.advance(Duration.ofSeconds(3));
        world.function.takes(invocation -> 10_000);
        String parent = consumed(replicas.get("two")).get(0);
        world.stream.put(parent, "key", "1");
        world.stream.split(parent).forEach(child -> world.stream.put(child, "key", "2"));
        world.advance(Duration.ofSeconds(8));
        assertThat(world.function.digits()).containsExactly("1");
        world.advance(Duration.ofSeconds(8));

        assertThat(world.function.digits()).containsExactly("1", "2", "2");
    }
}
