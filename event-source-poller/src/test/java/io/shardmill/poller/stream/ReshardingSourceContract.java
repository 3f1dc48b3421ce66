package io.shardmill.poller.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/**
 * What {@link StreamSource}s promise beyond {@link StreamSourceContract} whose shards are split and merged, and whose numbers are the
 * stream's: Kinesis, and what is like it.
 */
public abstract class ReshardingSourceContract extends StreamSourceContract {

    private static final Duration STEP = Duration.ofSeconds(1);

    protected abstract void split(String shard);

    protected abstract void merge(String first, String second);

    protected void assertCalled(Semaphore calls, Runnable change) {
        calls.drainPermits();
        change.run();
        assertThat(await(calls)).as("called").isTrue();
        calls.drainPermits();
    }

    @Test
    void shards_are_listed_with_their_parents_the_oldest_first() {
        String first = shard(0);
        String second = shard(1);
        split(first);
        List<ShardDescription> shards = source().describe().shards();
        assertThat(shards)
                .extracting(ShardDescription::id)
                .startsWith(first, second)
                .hasSize(4);
        assertThat(shards)
                .extracting(ShardDescription::parents)
                .containsExactly(List.of(), List.of(), List.of(first), List.of(first));
    }

    @Test
    void a_merged_shard_has_two_parents() {
        merge(shard(0), shard(1));

        assertThat(source().describe().shards().get(2).parents()).containsExactlyInAnyOrder(shard(0), shard(1));
    }

    /** A row may have been written while aggregated records were unpacked. Nothing unfinished may be left out. */
    @Test
    void a_position_at_or_after_a_part_of_a_record_begins_with_the_whole_of_it() {
        put(shard(0), "1");
        SequenceNumber second = put(shard(0), "2");
        put(shard(0), "3");

        assertThat(texts(shard(0), Position.at(second.withSubSequence(1)))).containsExactly("2", "3");
        assertThat(texts(shard(0), Position.at(second.withSubSequence(7)))).containsExactly("2", "3");
        assertThat(texts(shard(0), Position.after(second.withSubSequence(7)))).containsExactly("2", "3");
    }

    @Test
    void a_reader_at_the_tip_is_woken_by_the_end_of_its_shard() {
        try (Reading reading = new Reading(shard(0), Position.trimHorizon())) {
            assertThat(reading.next()).isEqualTo(new ReadResult.Nothing(true));
            split(shard(0));
            assertThat(reading.awaitNews()).isEqualTo(new ReadResult.ShardEnded());
        }
    }

    @Test
    void a_closed_shard_is_read_to_its_end() {
        put(shard(0), "1");
        split(shard(0));
        try (Reading reading = new Reading(shard(0), Position.trimHorizon())) {
            assertThat(reading.texts()).containsExactly("1");
            assertThat(reading.end()).isEqualTo(new ReadResult.ShardEnded());
        }
    }

    @Test
    void trim_horizon_begins_all_shards_at_their_oldest_record() {
        put(shard(0), "1");
        split(shard(0));

        assertThat(source().starts(StartingPosition.of("TRIM_HORIZON", null)))
                .containsOnlyKeys(source().describe().shards().stream()
                        .map(ShardDescription::id)
                        .toList())
                .allSatisfy((shard, start) ->
                        assertThat(texts(shard, start)).isEqualTo(shard.equals(shard(0)) ? List.of("1") : List.of()));
    }

    @Test
    void latest_begins_open_shards_at_their_tip_and_skips_closed_ones() {
        put(shard(0), "old");
        put(shard(1), "old");
        split(shard(0));
        advance(STEP); // the tip may be a time, in whole seconds
        var starts = source().starts(StartingPosition.of("LATEST", null));
        put(shard(1), "new");
        put(shard(2), "new");

        assertThat(starts).containsEntry(shard(0), ShardStart.SKIP).hasSize(4);
        assertThat(texts(shard(1), starts.get(shard(1)))).containsExactly("new");
        assertThat(texts(shard(2), starts.get(shard(2)))).containsExactly("new");
    }

    @Test
    void a_time_skips_closed_shards_whose_records_are_all_older() {
        put(shard(0), "old");
        split(shard(0));
        advance(STEP);
        Instant time = now();
        put(shard(1), "new");
        var starts = source().starts(StartingPosition.of("AT_TIMESTAMP", time));

        assertThat(starts).containsEntry(shard(0), ShardStart.SKIP).hasSize(4);
        assertThat(texts(shard(1), starts.get(shard(1)))).containsExactly("new");
    }

    @Test
    void a_number_belongs_to_the_shard_that_holds_it() {
        put(shard(0), "1");
        SequenceNumber number = put(shard(1), "2");

        assertThat(source().shardHolding(number)).contains(shard(1));
        assertThat(source().shardHolding(SequenceNumber.of(1))).isEmpty();
    }

    @Test
    void a_listener_is_called_until_it_is_closed_when_a_shard_that_is_read_ends() throws Exception {
        try (Reading ending = new Reading(shard(0), Position.trimHorizon());
                Reading other = new Reading(shard(1), Position.trimHorizon())) {
            ending.next();
            other.next();
            Semaphore calls = new Semaphore(0);
            AutoCloseable listening = source().onChange(calls::release);
            assertCalled(calls, () -> split(shard(0)));
            listening.close();
            calls.drainPermits();
            delete();
            other.awaitNews();

            assertThat(calls.availablePermits()).isZero();
        }
    }
}
