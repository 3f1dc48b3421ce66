package io.shardmill.poller.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MemberRow;
import io.shardmill.poller.checkpoint.ShardOwnership;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BalanceTest {

    private static final MappingKey ORDERS = mapping("orders");

    private static MappingKey mapping(String name) {
        return new MappingKey("shop", name, name, "first");
    }

    private static MemberRow member(String id, MappingKey... mappings) {
        return new MemberRow(id, 1, 6_000, Set.of(mappings), false);
    }

    private static List<MemberRow> members(int count, MappingKey... mappings) {
        return IntStream.range(0, count)
                .mapToObj(i -> member("member-%02d".formatted(i), mappings))
                .toList();
    }

    private static List<ShardOwnership> shards(MappingKey mapping, int count, @Nullable String owner) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ShardOwnership(mapping, "shard-%04d".formatted(i), owner, 1, List.of()))
                .toList();
    }

    private static List<ShardOwnership> owned(Map<ShardOwnership, String> target) {
        List<ShardOwnership> owned = new ArrayList<>();
        target.forEach((shard, owner) ->
                owned.add(new ShardOwnership(shard.mapping(), shard.shard(), owner, shard.epoch(), List.of())));
        return owned;
    }

    private static Map<String, Long> load(Map<ShardOwnership, String> target) {
        return target.values().stream()
                .collect(Collectors.groupingBy(member -> member, TreeMap::new, Collectors.counting()));
    }

    private static long moves(Map<ShardOwnership, String> target) {
        return target.entrySet().stream()
                .filter(to -> to.getKey().owner() != null
                        && !to.getValue().equals(to.getKey().owner()))
                .count();
    }

    @Test
    void shards_are_divided_within_one_of_even() {
        Map<ShardOwnership, String> target = Balance.of(members(3, ORDERS), shards(ORDERS, 10, null));
        assertThat(load(target).values()).containsExactlyInAnyOrder(3L, 3L, 4L);
    }

    @Test
    void a_joining_member_gets_its_part_by_as_few_moves_as_that_needs() {
        List<ShardOwnership> shards = owned(Balance.of(members(10, ORDERS), shards(ORDERS, 1_000, null)));
        Map<ShardOwnership, String> target = Balance.of(members(11, ORDERS), shards);

        assertThat(load(target).values()).containsOnly(90L, 91L).hasSize(11);
        assertThat(moves(target)).isEqualTo(90);
    }

    @Test
    void what_is_even_stays_as_it_is() {
        List<ShardOwnership> shards = owned(Balance.of(members(7, ORDERS), shards(ORDERS, 100, null)));
        assertThat(moves(Balance.of(members(7, ORDERS), shards))).isZero();
    }

    @Test
    void only_the_shards_of_a_member_that_is_gone_go_to_others() {
        List<ShardOwnership> shards = owned(Balance.of(members(4, ORDERS), shards(ORDERS, 100, null)));
        Map<ShardOwnership, String> target = Balance.of(members(3, ORDERS), shards);

        assertThat(load(target).values()).containsExactlyInAnyOrder(33L, 33L, 34L);
        assertThat(moves(target)).isEqualTo(25);
    }

    @Test
    void a_hundred_mappings_of_one_shard_don_t_all_go_to_the_same_member() {
        MappingKey[] mappings =
                IntStream.range(0, 100).mapToObj(i -> mapping("mapping-" + i)).toArray(MappingKey[]::new);
        List<ShardOwnership> shards = Arrays.stream(mappings)
                .flatMap(mapping -> shards(mapping, 1, null).stream())
                .toList();
        assertThat(load(Balance.of(members(4, mappings), shards)).values()).containsOnly(25L);
    }

    @Test
    void a_shard_goes_only_to_a_member_that_can_take_it() {
        MappingKey clicks = mapping("clicks");
        List<MemberRow> members = List.of(member("a", ORDERS), member("b", ORDERS, clicks), member("c", clicks));
        List<ShardOwnership> shards = new ArrayList<>(shards(ORDERS, 6, null));
        shards.addAll(shards(clicks, 3, "a")); // was updated since, and can't consume it any more
        Map<ShardOwnership, String> target = Balance.of(members, shards);

        assertThat(load(target)).isEqualTo(Map.of("a", 3L, "b", 3L, "c", 3L));
        target.forEach((shard, to) -> assertThat(members)
                .filteredOn(member -> member.id().equals(to))
                .allMatch(member -> member.canTake(shard.mapping())));
    }

    @Test
    void shards_move_by_way_of_third_members_where_that_is_the_only_way() {
        MappingKey clicks = mapping("clicks");
        List<MemberRow> members = List.of(member("a", ORDERS), member("b", ORDERS, clicks), member("c", clicks));
        List<ShardOwnership> shards = new ArrayList<>(shards(ORDERS, 3, "a"));
        shards.addAll(shards(clicks, 2, "b"));
        assertThat(load(Balance.of(members, shards))).isEqualTo(Map.of("a", 2L, "b", 2L, "c", 1L));
        shards.addAll(shards(mapping("nobody's"), 5, null));
        assertThat(load(Balance.of(members, shards))).isEqualTo(Map.of("a", 2L, "b", 2L, "c", 1L));
    }

    /** Compares with a plain search for the least maximum, on worlds of all kinds. */
    @Test
    void no_member_has_more_than_it_must() {
        for (int seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            List<MappingKey> mappings = IntStream.range(0, 1 + random.nextInt(4))
                    .mapToObj(i -> mapping("mapping-" + i))
                    .toList();
            List<MemberRow> members = IntStream.range(0, 1 + random.nextInt(6))
                    .mapToObj(i -> member(
                            "member-" + i,
                            mappings.stream()
                                    .filter(mapping -> random.nextInt(3) > 0)
                                    .toArray(MappingKey[]::new)))
                    .toList();
            List<ShardOwnership> shards = new ArrayList<>();
            mappings.forEach(mapping -> shards(mapping, random.nextInt(8), null).forEach(shard -> {
                String owner = random.nextInt(3) == 0
                        ? null
                        : members.get(random.nextInt(members.size())).id();
                shards.add(new ShardOwnership(mapping, shard.shard(), owner, 1, List.of()));
            }));
            Map<ShardOwnership, String> target = Balance.of(members, shards);

            List<ShardOwnership> takeable = shards.stream()
                    .filter(shard -> members.stream().anyMatch(member -> member.canTake(shard.mapping())))
                    .toList();
            assertThat(target.keySet()).as("seed " + seed).containsExactlyInAnyOrderElementsOf(takeable);
            long heaviest =
                    takeable.isEmpty() ? 0 : Collections.max(load(target).values());
            assertThat(heaviest == 0 || !isPossible(members, takeable, (int) heaviest - 1))
                    .as("seed %d: %s", seed, load(target))
                    .isTrue();
            List<ShardOwnership> mixed = new ArrayList<>(shards);
            Collections.shuffle(mixed, random);
            assertThat(Balance.of(members, mixed)).as("seed " + seed).isEqualTo(target);
        }
    }

    private static boolean isPossible(List<MemberRow> members, List<ShardOwnership> shards, int maximum) {
        Map<Integer, Integer> shardInSlot = new HashMap<>();
        return IntStream.range(0, shards.size())
                .allMatch(shard ->
                        findsSlot(shard, members, shards, maximum, shardInSlot, new boolean[members.size() * maximum]));
    }

    private static boolean findsSlot(
            int shard,
            List<MemberRow> members,
            List<ShardOwnership> shards,
            int maximum,
            Map<Integer, Integer> shardInSlot,
            boolean[] seen) {
        for (int slot = 0; slot < seen.length; slot++) {
            if (!seen[slot]
                    && members.get(slot / maximum).canTake(shards.get(shard).mapping())) {
                seen[slot] = true;
                Integer there = shardInSlot.get(slot);
                if (there == null || findsSlot(there, members, shards, maximum, shardInSlot, seen)) {
                    shardInSlot.put(slot, shard);
                    return true;
                }
            }
        }
        return false;
    }
}
