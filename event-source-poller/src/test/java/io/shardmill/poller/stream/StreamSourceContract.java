package io.shardmill.poller.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every {@link StreamSource} and its {@link ShardReader}s promise. Each test begins with a stream of two empty shards. */
public abstract class StreamSourceContract {

    private static final int RECORDS = 100;
    private static final int BYTES = 1 << 20;
    private static final Duration STEP = Duration.ofSeconds(1);

    /** The source under test. */
    protected abstract StreamSource source();

    /** The time that the stream gives records. */
    protected abstract Instant now();

    /** Asserts that a record was stamped just now. */
    protected void isNow(Instant arrival) {
        assertThat(arrival).isEqualTo(now());
    }

    /** Moves the stream's clock on. */
    protected abstract void advance(Duration step);

    /** Puts a text into an open shard. */
    protected abstract SequenceNumber put(String shard, String text);

    protected abstract void split(String shard);

    protected abstract void merge(String first, String second);

    protected abstract void delete();

    /** Creates the stream that was deleted, with two shards. */
    protected abstract void createAgain();

    /** Waits for a call, a while at most; a source in virtual time lets it pass instead. */
    protected boolean await(Semaphore called) {
        try {
            return called.tryAcquire(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads a shard until an answer that is final for now. */
    private final class Reading implements AutoCloseable {

        private final Semaphore wakes = new Semaphore(0);
        private final ShardReader reader;

        Reading(String shard, Position from) {
            reader = source().open(shard, from, wakes::release);
        }

        ReadResult next(int maxRecords, int maxBytes) {
            ReadResult result = reader.read(maxRecords, maxBytes);
            while (result instanceof ReadResult.Nothing nothing && !nothing.caughtUp()) {
                awaitWake();
                result = reader.read(maxRecords, maxBytes);
            }
            return result;
        }

        ReadResult next() {
            return next(RECORDS, BYTES);
        }

        /** Reads up to the first answer without records. */
        List<String> texts() {
            List<String> texts = new ArrayList<>();
            ReadResult result = next();
            while (result instanceof ReadResult.Records found) {
                found.records().stream().map(Record::text).forEach(texts::add);
                result = next();
            }
            return texts;
        }

        /** Reads on: a source may say that it has no more records before it says that none will come. */
        ReadResult end() {
            ReadResult result = next();
            return result.equals(new ReadResult.Nothing(true)) ? awaitNews() : result;
        }

        /** Waits for something else than that it is at the tip: a wake-up may come once too often. */
        ReadResult awaitNews() {
            ReadResult result;
            do {
                awaitWake();
                result = next();
            } while (result.equals(new ReadResult.Nothing(true)));
            return result;
        }

        void awaitWake() {
            assertThat(await(wakes)).as("woken").isTrue();
        }

        int wakes() {
            return wakes.availablePermits();
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    private Instant arrivalOfFirst(String shard) {
        try (Reading reading = new Reading(shard, Position.trimHorizon())) {
            return ((ReadResult.Records) reading.next()).records().get(0).approximateArrivalTimestamp();
        }
    }

    private List<String> texts(String shard, Position from) {
        try (Reading reading = new Reading(shard, from)) {
            return reading.texts();
        }
    }

    /** Reads from there up to the first answer without records. */
    protected List<String> texts(String shard, ShardStart start) {
        assertThat(start).isInstanceOf(ShardStart.From.class);
        return texts(shard, ((ShardStart.From) start).position());
    }

    private String shard(int index) {
        return source().describe().shards().get(index).id();
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

    @Test
    void a_reader_goes_on_from_the_last_record_it_gave() {
        put(shard(0), "1");
        put(shard(0), "2");
        put(shard(1), "of another shard");
        put(shard(0), "3");
        try (Reading reading = new Reading(shard(0), Position.trimHorizon())) {
            assertThat(reading.next(2, BYTES))
                    .isInstanceOfSatisfying(
                            ReadResult.Records.class,
                            found -> assertThat(found.records())
                                    .extracting(Record::text)
                                    .containsExactly("1", "2"));
            assertThat(reading.texts()).containsExactly("3");
            assertThat(reading.next()).isEqualTo(new ReadResult.Nothing(true));
        }
    }

    @Test
    void a_record_is_given_even_if_it_is_larger_than_asked_for() {
        put(shard(0), "large");
        put(shard(0), "next");
        try (Reading reading = new Reading(shard(0), Position.trimHorizon())) {
            assertThat(reading.next(RECORDS, 1))
                    .isInstanceOfSatisfying(
                            ReadResult.Records.class,
                            found -> assertThat(found.records())
                                    .extracting(Record::text)
                                    .containsExactly("large"));
        }
    }

    @Test
    void a_record_says_where_and_when_it_was_put() {
        SequenceNumber number = put(shard(0), "1");
        try (Reading reading = new Reading(shard(0), Position.trimHorizon())) {
            Record record = ((ReadResult.Records) reading.next()).records().get(0);
            assertThat(record.sequenceNumber()).isEqualTo(number);
            assertThat(record.shard().id()).isEqualTo(shard(0));
            assertThat(record.approximateArrivalTimestamp()).satisfies(this::isNow);
        }
    }

    @Test
    void a_position_at_or_after_a_number_begins_there() {
        SequenceNumber first = put(shard(0), "1");
        SequenceNumber last = put(shard(0), "2");

        assertThat(texts(shard(0), Position.at(first))).containsExactly("1", "2");
        assertThat(texts(shard(0), Position.after(first))).containsExactly("2");
        assertThat(texts(shard(0), Position.after(last))).isEmpty();
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
    void a_position_at_a_time_begins_with_the_first_record_that_arrived_then_or_later() {
        put(shard(0), "1");
        Instant early = arrivalOfFirst(shard(0));
        advance(STEP);
        put(shard(0), "2");

        assertThat(texts(shard(0), Position.atTimestamp(early))).containsExactly("1", "2");
        assertThat(texts(shard(0), Position.atTimestamp(early.plusMillis(1)))).containsExactly("2");
        assertThat(texts(shard(0), Position.atTimestamp(now().plusMillis(1)))).isEmpty();
    }

    @Test
    void a_reader_at_the_tip_is_woken_by_the_next_record() {
        try (Reading reading = new Reading(shard(0), Position.trimHorizon())) {
            assertThat(reading.next()).isEqualTo(new ReadResult.Nothing(true));
            put(shard(0), "1");
            assertThat(reading.awaitNews())
                    .isInstanceOfSatisfying(
                            ReadResult.Records.class,
                            found -> assertThat(found.records())
                                    .extracting(Record::text)
                                    .containsExactly("1"));
        }
    }

    @Test
    void a_reader_that_was_at_the_tip_does_not_say_so_again_when_a_record_was_put_since() {
        try (Reading reading = new Reading(shard(0), Position.trimHorizon())) {
            assertThat(reading.next()).isEqualTo(new ReadResult.Nothing(true));
            put(shard(0), "1");
            assertThat(reading.texts()).containsExactly("1");
        }
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
    void a_reader_is_not_woken_before_its_first_read_nor_after_its_end() {
        Reading unread = new Reading(shard(0), Position.trimHorizon());
        Reading closed = new Reading(shard(0), Position.trimHorizon());
        closed.next();
        closed.close();
        put(shard(0), "1");

        assertThat(unread.wakes()).isZero();
        assertThat(closed.wakes()).isZero();
        unread.close();
    }

    @Test
    void a_reader_counts_the_records_that_it_has_not_given() {
        put(shard(0), "1");
        put(shard(0), "2");
        SequenceNumber third = put(shard(0), "3");
        try (Reading reading = new Reading(shard(0), Position.trimHorizon())) {
            reading.next(1, BYTES);
            assertThat(reading.reader.recordsBehind()).isEqualTo(recordsBehind(2));
            reading.texts();
            assertThat(reading.reader.recordsBehind()).isEqualTo(recordsBehind(0));
        }
        try (Reading behind = new Reading(shard(0), Position.after(third))) {
            behind.texts();
            put(shard(0), "4");
            assertThat(behind.reader.recordsBehind()).isEqualTo(recordsBehind(1));
        }
    }

    /** What a reader says that has so many records left: empty for a source that can't know. */
    protected OptionalLong recordsBehind(long records) {
        return OptionalLong.of(records);
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
    void a_deleted_stream_is_gone() {
        try (Reading reading = new Reading(shard(0), Position.trimHorizon())) {
            assertThat(reading.next()).isEqualTo(new ReadResult.Nothing(true));
            delete();
            assertThat(reading.awaitNews()).isEqualTo(new ReadResult.StreamGone());
        }
        assertThatThrownBy(() -> source().describe()).isInstanceOf(StreamNotFoundException.class);
        assertThatThrownBy(() -> source().starts(StartingPosition.of("LATEST", null)))
                .isInstanceOf(StreamNotFoundException.class);
    }

    @Test
    void a_stream_created_again_is_another_incarnation() {
        String before = source().describe().incarnation();
        put(shard(0), "of the former");
        delete();
        createAgain();

        assertThat(source().describe().incarnation()).isNotEqualTo(before);
        assertThat(texts(shard(0), Position.trimHorizon())).isEmpty();
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

    protected void assertCalled(Semaphore calls, Runnable change) {
        calls.drainPermits();
        change.run();
        assertThat(await(calls)).as("called").isTrue();
        calls.drainPermits();
    }
}
