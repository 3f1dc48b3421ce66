package io.shardmill.poller.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.GroupPosition.Origin;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ShardGroup} and the {@link ShardReader}s of its shards promise. Each test begins with four empty shards, whose
 * records have the numbers from 0 on, and a group without members.
 */
public abstract class ShardGroupContract {

    private static final String STORE = "store";
    private static final String OTHER_STORE = "other-store";

    private final List<GroupParticipant> participants = new CopyOnWriteArrayList<>();

    /** Returns the stream as another process reads it for the same mapping. */
    protected abstract StreamSource newProcess();

    protected abstract void put(String shard, String text);

    /** Returns the group's position of a shard: the lowest number that is not finished; negative if it has none. */
    protected abstract long position(String shard);

    /** Sets the group's position of a shard as an operator does; the group has no members. */
    protected abstract void reset(String shard, long number);

    /** Waits until it is so, for longer than a hand-over at most. */
    protected abstract void await(BooleanSupplier condition);

    /** Asserts that it is so for as long as it takes to commit and to assign. */
    protected abstract void assertRemains(BooleanSupplier condition);

    @AfterEach
    void leave() {
        participants.forEach(GroupParticipant::leave);
        assertThat(participants)
                .as("shards that were another member's at the same time")
                .allSatisfy(participant -> assertThat(participant.shared()).isEmpty());
    }

    private GroupParticipant join(String store) {
        GroupParticipant participant = new GroupParticipant(newProcess(), participants);
        participants.add(participant);
        participant.join(store);
        return participant;
    }

    /** Joins a group without other members. */
    private GroupParticipant joinAlone(String store) {
        GroupParticipant alone = join(store);
        await(() -> alone.shards().size() == 4);
        return alone;
    }

    /** Waits until both have what is even. */
    private void awaitBalance(GroupParticipant one, GroupParticipant other) {
        await(() -> one.shards().size() == 2 && other.shards().size() == 2);
    }

    private void putInto(String shard, String digits) {
        digits.chars().forEach(digit -> put(shard, Character.toString(digit)));
    }

    private GroupReading read(GroupParticipant participant, String shard, Position from, String digits) {
        GroupReading reading = participant.open(shard, from);
        await(() -> reading.digits().length() >= digits.length());
        assertThat(reading.digits()).isEqualTo(digits);
        return reading;
    }

    private GroupReading read(GroupParticipant participant, String shard, String digits) {
        return read(participant, shard, Position.trimHorizon(), digits);
    }

    private static Position at(long number) {
        return Position.at(SequenceNumber.of(number));
    }

    /** Returns a shard with five records whose position an operator has set to 3. */
    private String shardThatIsReset() {
        GroupParticipant before = joinAlone(STORE);
        String shard = before.anyShard();
        putInto(shard, "12345");
        before.leave();
        reset(shard, 3);
        return shard;
    }

    private static GroupPosition elsewhere(long number, String ahead) {
        return new GroupPosition(Origin.ELSEWHERE, at(number), ahead);
    }

    private static GroupPosition ofSameRows(long number) {
        return new GroupPosition(Origin.SAME_ROWS, at(number), "");
    }

    @Test
    void a_lone_member_gets_all_shards() {
        GroupParticipant alone = joinAlone(STORE);

        assertThat(alone.shards()).isEqualTo(alone.listed());
        assertThat(alone.assigned().isKnown()).isTrue();
        assertThat(alone.assigned().revoked()).isEmpty();
        assertThat(alone.positions()).isEmpty();
    }

    @Test
    void members_share_the_shards_and_those_of_one_that_leaves_are_the_others() {
        GroupParticipant a = joinAlone(STORE);
        GroupParticipant b = join(STORE);
        awaitBalance(a, b);

        assertThat(Stream.concat(a.shards().stream(), b.shards().stream()))
                .containsExactlyInAnyOrderElementsOf(a.listed());
        assertThat(a.assigned().revoked()).isEqualTo(b.shards());

        a.leave();
        await(() -> b.shards().equals(b.listed()));
        assertThat(a.shards()).isEmpty();
    }

    @Test
    void a_shard_is_given_to_another_when_its_reader_is_closed_and_what_is_finished_is_committed_before() {
        GroupParticipant a = joinAlone(STORE);
        a.listed().forEach(shard -> putInto(shard, "123"));
        Map<String, GroupReading> readings = a.openAll();
        GroupParticipant b = join(STORE);
        await(() -> a.assigned().revoked().size() == 2);
        Set<String> revoked = a.assigned().revoked();

        assertRemains(() -> b.shards().isEmpty());
        assertThat(b.assigned().isKnown()).isTrue();
        assertThat(a.shards()).doesNotContainAnyElementsOf(revoked).hasSize(2);

        for (String shard : revoked) {
            GroupReading reading = readings.get(shard);
            await(() -> reading.digits().equals("123"));
            reading.finish(1);
            reading.close();
        }
        await(() -> b.shards().size() == 2);
        assertThat(b.shards())
                .isEqualTo(revoked)
                .allSatisfy(shard -> assertThat(position(shard)).isEqualTo(2));
        revoked.forEach(shard -> read(b, shard, at(2), "3"));
    }

    @Test
    void a_reader_that_is_not_closed_in_time_loses_its_shard_and_commits_nothing_any_more() {
        GroupParticipant a = joinAlone(STORE);
        a.listed().forEach(shard -> putInto(shard, "123"));
        Map<String, GroupReading> readings = a.openAll();
        GroupParticipant b = join(STORE);
        await(() -> b.shards().size() == 2);
        String lost = b.shards().iterator().next();

        read(b, lost, "123").finish(0);
        await(() -> position(lost) == 1);
        readings.get(lost).finish(2);
        assertRemains(() -> position(lost) == 1);
    }

    @Test
    void the_position_of_a_shard_is_where_it_was_begun_and_then_after_what_is_finished() {
        GroupParticipant alone = joinAlone(STORE);
        String shard = alone.anyShard();
        assertThat(position(shard)).isNegative();
        putInto(shard, "1234");

        GroupReading reading = read(alone, shard, at(1), "234");
        await(() -> position(shard) == 1);
        reading.finish(3);
        await(() -> position(shard) == 4);
    }

    @Test
    void nothing_is_committed_beyond_the_lowest_unfinished_record() {
        GroupParticipant alone = joinAlone(STORE);
        String shard = alone.anyShard();
        putInto(shard, "1234");

        GroupReading reading = read(alone, shard, "1234");
        assertRemains(() -> position(shard) <= 0);
        reading.finish(1);
        await(() -> position(shard) == 2);
        assertRemains(() -> position(shard) == 2);
        alone.leave();
        assertThat(position(shard)).isEqualTo(2);
    }

    @Test
    void a_member_that_leaves_commits_what_is_finished_before() {
        GroupParticipant alone = joinAlone(STORE);
        String shard = alone.anyShard();
        putInto(shard, "123");
        read(alone, shard, "123").finish(2);

        alone.leave();
        assertThat(position(shard)).isEqualTo(3);
        assertThat(joinAlone(STORE).positions()).containsExactly(Map.entry(shard, ofSameRows(3)));
    }

    @Test
    void a_position_that_an_operator_has_set_comes_with_the_shard_and_wins() {
        GroupParticipant before = joinAlone(STORE);
        String shard = before.anyShard();
        putInto(shard, "12345");
        read(before, shard, "12345").finish(4);
        before.leave();
        reset(shard, 3);

        GroupParticipant alone = joinAlone(STORE);
        assertThat(alone.positions()).containsExactly(Map.entry(shard, elsewhere(3, "")));
        GroupReading outdated = alone.open(shard, at(5));
        await(() -> !alone.shards().contains(shard));
        assertThat(alone.assigned().revoked()).containsExactly(shard);
        outdated.close();
        await(() -> alone.shards().contains(shard));
        assertThat(alone.positions()).containsExactly(Map.entry(shard, elsewhere(3, "")));

        read(alone, shard, at(3), "45");
        assertThat(alone.positions()).isEmpty();
        await(() -> position(shard) == 3);
        alone.leave();
        assertThat(joinAlone(STORE).positions()).containsExactly(Map.entry(shard, ofSameRows(3)));
    }

    @Test
    void a_position_says_what_is_finished_ahead_and_whether_it_was_committed_under_the_same_rows() {
        GroupParticipant before = joinAlone(STORE);
        String shard = before.anyShard();
        putInto(shard, "123");
        read(before, shard, "123").finish(1, "and others");
        before.leave();

        GroupParticipant same = joinAlone(STORE);
        assertThat(same.positions())
                .containsExactly(Map.entry(shard, new GroupPosition(Origin.SAME_ROWS, at(2), "and others")));
        same.leave();
        assertThat(joinAlone(OTHER_STORE).positions()).containsExactly(Map.entry(shard, elsewhere(2, "and others")));
    }

    @Test
    void superseded_positions_are_dropped_at_once_and_do_not_win() {
        String shard = shardThatIsReset();

        GroupParticipant alone = joinAlone(STORE);
        assertThat(alone.positions()).containsKey(shard);
        alone.supersede();
        assertThat(alone.positions()).isEmpty();
        read(alone, shard, at(1), "2345");
        assertRemains(() -> alone.positions().isEmpty() && alone.shards().size() == 4);
        assertThat(position(shard)).isEqualTo(1);
    }

    @Test
    void superseded_positions_do_not_win_in_a_later_life_either() {
        String shard = shardThatIsReset();

        GroupParticipant superseding = joinAlone(STORE);
        superseding.supersede();
        superseding.leave();
        assertThat(joinAlone(STORE).positions()).containsExactly(Map.entry(shard, ofSameRows(3)));
    }

    @Test
    void a_reader_begins_where_its_row_says_whatever_was_committed_under_the_same_rows() {
        GroupParticipant before = joinAlone(STORE);
        String shard = before.anyShard();
        putInto(shard, "12345");
        read(before, shard, "12345").finish(2);
        before.leave();

        GroupParticipant alone = joinAlone(STORE);
        read(alone, shard, at(1), "2345");
        assertThat(alone.positions()).isEmpty();
    }

    @Test
    void a_member_that_asks_for_none_gives_each_up_when_its_reader_is_closed_and_gets_some_when_it_asks_again() {
        GroupParticipant a = joinAlone(STORE);
        GroupParticipant b = join(STORE);
        awaitBalance(a, b);
        String shard = a.anyShard();
        putInto(shard, "123");
        GroupReading reading = read(a, shard, "123");
        Set<String> ofA = a.shards();

        a.ask(false);
        await(() -> a.shards().isEmpty());
        assertThat(a.assigned().revoked()).containsAll(ofA);
        assertRemains(() -> !b.shards().contains(shard));
        reading.finish(2);
        reading.close();
        await(() -> b.shards().equals(b.listed()));
        assertThat(position(shard)).isEqualTo(3);
        await(() -> !a.assigned().isKnown());
        assertRemains(() -> a.assigned().shards().isEmpty());

        a.ask(true);
        awaitBalance(a, b);
        assertThat(a.assigned().isKnown()).isTrue();
    }

    /** It may be one of before: what it knows of the shard is outdated. */
    @Test
    void a_reader_of_a_shard_that_is_not_the_members_reads_nothing_and_keeps_it_from_being_assigned() {
        GroupParticipant a = joinAlone(STORE);
        GroupParticipant b = join(STORE);
        awaitBalance(a, b);
        String shard = a.anyShard();
        putInto(shard, "123");
        GroupReading early = b.open(shard, Position.trimHorizon());
        assertRemains(() -> early.next().equals(new ReadResult.Nothing(false)));

        a.leave();
        await(() -> b.shards().size() == 3);
        assertRemains(() -> early.next().equals(new ReadResult.Nothing(false))
                && !b.shards().contains(shard));
        early.close();
        await(() -> b.shards().contains(shard));
        read(b, shard, "123");
    }

    @Test
    void a_shard_has_one_reader_at_a_time() {
        GroupParticipant alone = joinAlone(STORE);
        String shard = alone.anyShard();
        GroupReading first = alone.open(shard, Position.trimHorizon());

        assertThatThrownBy(() -> alone.open(shard, Position.trimHorizon())).isInstanceOf(IllegalStateException.class);
        first.close();
        put(shard, "1");
        read(alone, shard, "1");
    }
}
