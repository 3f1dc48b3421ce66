package io.shardmill.poller.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.assignment.Acquisition;
import io.shardmill.poller.assignment.Acquisition.Kind;
import io.shardmill.poller.assignment.ReplicaStatus.Member;
import io.shardmill.poller.assignment.Share;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MemberRow;
import io.shardmill.poller.checkpoint.ShardOwnership;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DivisionTest {

    private static final MappingKey ORDERS = new MappingKey("shop", "orders", "orders", "first");
    private static final Share UNKNOWN = Share.unknown("a");

    private static MemberRow member(String id) {
        return new MemberRow(id, 1, 6_000, Set.of(ORDERS), false);
    }

    private static MemberRow draining(String id) {
        return new MemberRow(id, 1, 6_000, Set.of(ORDERS), true);
    }

    /** Shards of these owners; null for none. */
    private static List<ShardOwnership> owned(@Nullable String... owners) {
        return Arrays.stream(owners)
                .map(owner -> new ShardOwnership(ORDERS, "of " + owner, owner, 7, List.of()))
                .toList();
    }

    private static Share shareOfA(List<MemberRow> members, List<ShardOwnership> shards, Share before) {
        return Division.of(members, shards).share("a", ORDERS, before);
    }

    @Test
    void a_member_that_drains_gets_nothing_and_hands_all_over() {
        List<MemberRow> members = List.of(draining("a"), member("b"));
        Share share = shareOfA(members, owned("a", "b", null), UNKNOWN);
        assertThat(share.handOver()).containsExactly("of a");
        assertThat(share.assigned()).isEmpty();

        Division division = Division.of(members, owned("a", "b", null));
        assertThat(division.isInMotion()).isTrue();
        assertThat(division.members()).containsExactly(new Member("a", 1, true), new Member("b", 1, false));
        assertThat(division.share("b", ORDERS, UNKNOWN).assigned()).containsExactlyInAnyOrder("of b", "of null");
    }

    @Test
    void when_all_drain_each_hands_over_what_nobody_takes() {
        List<MemberRow> members = List.of(draining("a"), draining("b"));
        assertThat(shareOfA(members, owned("a", "b"), UNKNOWN).handOver()).containsExactly("of a");
        assertThat(Division.of(members, owned("a")).isInMotion()).isTrue();
        Division released = Division.of(members, owned((String) null));
        assertThat(released.isInMotion()).isFalse();
        assertThat(released.share("a", ORDERS, UNKNOWN).assigned()).isEmpty();
    }

    private static @Nullable Acquisition acquisition(@Nullable String owner, Share before, String... members) {
        List<MemberRow> living =
                Arrays.stream(members).map(DivisionTest::member).toList();
        List<ShardOwnership> shard = List.of(new ShardOwnership(ORDERS, "shard", owner, 7, List.of()));
        return shareOfA(living, shard, before).acquisition("shard");
    }

    @Test
    void a_shard_comes_from_the_owner_that_it_has_or_had() {
        Share ofB = new Share("a", true, false, Map.of(), Set.of(), Set.of(), Map.of("shard", "b"));
        assertThat(acquisition("a", UNKNOWN, "a", "b")).isEqualTo(Acquisition.of(Kind.KEPT));
        assertThat(acquisition("b", ofB, "a", "b")).as("it has it").isNull();
        assertThat(acquisition("b", ofB, "a")).isEqualTo(new Acquisition(Kind.TAKEN_OVER, "b"));
        assertThat(acquisition(null, ofB, "a", "b")).isEqualTo(new Acquisition(Kind.HANDED_OVER, "b"));
        assertThat(acquisition(null, ofB, "a")).isEqualTo(new Acquisition(Kind.RELEASED, "b"));
        assertThat(acquisition(null, UNKNOWN, "a", "b")).isEqualTo(Acquisition.of(Kind.RELEASED));
    }

    @Test
    void who_had_a_shard_is_remembered_until_somebody_takes_it() {
        Acquisition fromB = new Acquisition(Kind.HANDED_OVER, "b");
        assertThat(acquisition(null, free(7, fromB), "a", "b")).isEqualTo(fromB);
        assertThat(acquisition(null, free(6, fromB), "a", "b"))
                .as("another one had it since")
                .isEqualTo(Acquisition.of(Kind.RELEASED));
    }

    private static Share free(long epoch, Acquisition acquisition) {
        return new Share(
                "a", true, false, Map.of("shard", new Share.Free(epoch, acquisition)), Set.of(), Set.of(), Map.of());
    }

    @Test
    void nobody_had_a_shard_that_was_never_taken() {
        ShardOwnership fresh = new ShardOwnership(ORDERS, "shard", null, 0, List.of());
        assertThat(shareOfA(List.of(member("a")), List.of(fresh), UNKNOWN).acquisition("shard"))
                .isEqualTo(Acquisition.of(Kind.FIRST));
    }
}
