package io.shardmill.poller.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ShardOwnership;
import io.shardmill.poller.stream.ForwardingSource;
import io.shardmill.poller.stream.GroupPosition;
import io.shardmill.poller.stream.ShardGroup;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.poller.testkit.ForwardingStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two thousand random lives of processes in a consumer group, each from its seed alone, and bugs that they find.
 * {@code -Dsimulation.groups=100000} plays more of them, {@code -Dsimulation.group=4711} only one, with all its details.
 */
class GroupSimulationTest {

    private static final int SEEDS = Integer.getInteger("simulation.groups", 2_000);
    private static final int SEEDS_FOR_BUGS = 2_000;

    private static final List<String> EVERYTHING = List.of(
            "assigned anew",
            "begun at a row",
            "begun at the group's position",
            "clean stops",
            "crashes",
            "cut off",
            "delivered again",
            "finished ahead of a position",
            "handed over",
            "lost shards",
            "partitions",
            "partitions added",
            "resets",
            "rows set to a late position",
            "shards replayed",
            "suspensions",
            "topics made anew",
            "truncations",
            "unclean hand-overs");

    /** A shard is taken when the group assigns it, whoever owns its row. */
    private static final GroupWorld.Plant TAKEN_ON_THE_GROUPS_WORD = new GroupWorld.Plant() {
        @Override
        public CheckpointStore store(CheckpointStore store) {
            return new ForwardingStore(store) {
                @Override
                public List<ShardOwnership> unfinished(String namespace) {
                    return super.unfinished(namespace).stream()
                            .map(shard -> new ShardOwnership(
                                    shard.mapping(), shard.shard(), null, shard.epoch(), shard.parents()))
                            .toList();
                }
            };
        }
    };

    /** Rows count, whatever the group's own position is. */
    private static final GroupWorld.Plant POSITIONS_ARE_IGNORED = positions(positions -> Map.of());

    /** What is finished of later records is forgotten with a rebalance. */
    private static final GroupWorld.Plant FACTS_ARE_IGNORED = positions(positions -> {
        Map<String, GroupPosition> without = new HashMap<>();
        positions.forEach(
                (shard, known) -> without.put(shard, new GroupPosition(known.origin(), known.position(), "")));
        return without;
    });

    /** What an operator has set wins over a later replay. */
    private static final GroupWorld.Plant REPLAYS_SUPERSEDE_NOTHING = membership(UnaryOperator.identity(), false);

    private static GroupWorld.Plant positions(UnaryOperator<Map<String, GroupPosition>> changed) {
        return membership(changed, true);
    }

    private static GroupWorld.Plant membership(
            UnaryOperator<Map<String, GroupPosition>> positions, boolean supersedes) {
        return new GroupWorld.Plant() {
            @Override
            public StreamSource source(StreamSource source) {
                return new ForwardingSource(source) {
                    @Override
                    public Optional<ShardGroup> group() {
                        return super.group().map(group -> changed(group, positions, supersedes));
                    }
                };
            }
        };
    }

    private static ShardGroup changed(
            ShardGroup group, UnaryOperator<Map<String, GroupPosition>> positions, boolean supersedes) {
        return new ShardGroup() {
            @Override
            public String name() {
                return group.name();
            }

            @Override
            public Membership join(String store, Runnable changes) {
                Membership joined = group.join(store, changes);
                return new Membership() {
                    @Override
                    public Assigned assigned() {
                        Assigned known = joined.assigned();
                        return new Assigned(
                                known.isKnown(), known.shards(), known.revoked(), positions.apply(known.positions()));
                    }

                    @Override
                    public @Nullable String problem() {
                        return joined.problem();
                    }

                    @Override
                    public void ask(boolean forShards) {
                        joined.ask(forShards);
                    }

                    @Override
                    public void supersede() {
                        if (supersedes) {
                            joined.supersede();
                        }
                    }

                    @Override
                    public void close() {
                        joined.close();
                    }
                };
            }
        };
    }

    private static final GroupWorld.Plant HIGHEST_IS_COMMITTED = new GroupWorld.Plant() {
        @Override
        public long toBeCommitted(long unfinished, long next) {
            return next;
        }
    };

    private static final GroupWorld.Plant REVOCATION_DOES_NOT_WAIT = new GroupWorld.Plant() {
        @Override
        public boolean waitsForReaders() {
            return false;
        }
    };

    /** A shard is read on, whatever it has lost. */
    private static final GroupWorld.Plant LOSS_IS_NOT_NOTICED = new GroupWorld.Plant() {
        @Override
        public boolean checksLogs() {
            return false;
        }
    };

    /** A row is set to the group's position, whoever has taken it since it was read. */
    private static final GroupWorld.Plant POSITION_SET_OVER_ANOTHER_OWNER = new GroupWorld.Plant() {
        @Override
        public CheckpointStore store(CheckpointStore store) {
            return new ForwardingStore(store) {
                @Override
                public List<CheckpointRow> replaceSeen(MappingKey key, List<CheckpointRow> rows) {
                    List<CheckpointRow> replaced = super.replaceSeen(key, rows);
                    if (replaced.size() == rows.size()) {
                        return replaced;
                    }
                    Map<String, CheckpointRow> current = new HashMap<>();
                    super.load(key).forEach(row -> current.put(row.shard(), row));
                    return super.replaceSeen(
                            key,
                            rows.stream()
                                    .map(row -> at(row, current.get(row.shard())))
                                    .toList());
                }
            };
        }
    };

    private static CheckpointRow at(CheckpointRow row, @Nullable CheckpointRow current) {
        return new CheckpointRow(
                row.shard(),
                row.state(),
                row.start(),
                row.progress(),
                row.parents(),
                current == null ? row.epoch() : current.epoch());
    }

    private final ErrorLog errors = new ErrorLog();

    @AfterEach
    void close() {
        errors.close();
    }

    @Test
    void whatever_happens_nothing_is_lost_or_reordered_and_each_shard_has_one_owner() {
        Long only = Long.getLong("simulation.group");
        Tally tally = new Tally();
        if (only != null) {
            play(only, tally, true);
            return;
        }
        for (long seed = 1; seed <= SEEDS; seed++) {
            play(seed, tally, false);
        }
        System.out.println("Seeds 1 to " + SEEDS + ": " + tally);
    }

    private void play(long seed, Tally tally, boolean detailed) {
        String wrong = GroupSchedule.play(seed, GroupWorld.Plant.NONE, tally, errors, detailed);
        if (wrong != null) {
            fail("Seed " + seed + ", to be seen again in detail with -Dsimulation.group=" + seed
                    + " -Dtest=GroupSimulationTest: " + wrong);
        }
    }

    @Test
    void a_seed_is_all_that_a_schedule_depends_on() {
        for (long seed = 1; seed <= 30; seed++) {
            assertThat(GroupSchedule.tell(seed, errors)).isEqualTo(GroupSchedule.tell(seed, errors));
        }
    }

    @Test
    void finds_a_shard_that_is_taken_on_the_groups_word_alone() {
        assertThat(firstSeedThatFinds(TAKEN_ON_THE_GROUPS_WORD, "works on it at the same time"))
                .isLessThanOrEqualTo(SEEDS_FOR_BUGS);
    }

    /** A group doesn't let a reader begin elsewhere: the shard would stand still. */
    @Test
    void finds_rows_that_count_more_than_the_groups_position() {
        assertThat(firstSeedThatFinds(POSITIONS_ARE_IGNORED, "has no owner")).isLessThanOrEqualTo(SEEDS_FOR_BUGS);
    }

    @Test
    void finds_records_that_come_again_though_the_groups_position_says_that_they_are_finished() {
        assertThat(firstSeedThatFinds(FACTS_ARE_IGNORED, "though the group's position says"))
                .isLessThanOrEqualTo(SEEDS_FOR_BUGS);
    }

    @Test
    void finds_the_highest_offset_that_is_committed() {
        assertThat(firstSeedThatFinds(HIGHEST_IS_COMMITTED, "it skips")).isLessThanOrEqualTo(SEEDS_FOR_BUGS);
    }

    @Test
    void finds_a_shard_that_is_read_on_past_records_that_came_in_place_of_others() {
        assertThat(firstSeedThatFinds(LOSS_IS_NOT_NOTICED, "it skips")).isLessThanOrEqualTo(SEEDS_FOR_BUGS);
    }

    @Test
    void the_schedules_are_not_tame() {
        Tally tally = new Tally();
        for (long seed = 1; seed <= 200; seed++) {
            play(seed, tally, false);
        }
        for (String what : EVERYTHING) {
            assertThat(tally.of(what)).as(what).isGreaterThan(5);
        }
    }

    @Test
    void finds_a_position_that_is_set_over_another_owner() {
        assertThat(firstSeedThatFinds(POSITION_SET_OVER_ANOTHER_OWNER, "it is committed already"))
                .isLessThanOrEqualTo(SEEDS_FOR_BUGS);
    }

    @Test
    void finds_a_position_that_wins_over_a_later_replay() {
        assertThat(firstSeedThatFinds(REPLAYS_SUPERSEDE_NOTHING, "it was replayed since"))
                .isLessThanOrEqualTo(SEEDS_FOR_BUGS);
    }

    @Test
    void finds_a_revocation_that_does_not_wait() {
        assertThat(firstSeedThatFinds(REVOCATION_DOES_NOT_WAIT, "works on it at the same time"))
                .isLessThanOrEqualTo(SEEDS_FOR_BUGS);
    }

    /** The first seed by which it is found for what it is: its other consequences may be seen before. */
    private int firstSeedThatFinds(GroupWorld.Plant bug, String complaint) {
        for (int seed = 1; seed <= SEEDS_FOR_BUGS; seed++) {
            String found = GroupSchedule.play(seed, bug, new Tally(), errors, false);
            String first = found == null ? "" : found.lines().findFirst().orElse("");
            if (first.contains(complaint)) {
                System.out.println("Found with seed " + seed + ": " + first);
                return seed;
            }
        }
        return Integer.MAX_VALUE;
    }
}
