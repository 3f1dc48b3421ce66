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
    final class Reading implements AutoCloseable {

        private final Semaphore wakes = new Semaphore(0);
        final ShardReader reader;

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

    final List<String> texts(String shard, Position from) {
        try (Reading reading = new Reading(shard, from)) {
            return reading.texts();
        }
    }

    /** Reads from there up to the first answer without records. */
    protected List<String> texts(String shard, ShardStart start) {
        assertThat(start).isInstanceOf(ShardStart.From.class);
        return texts(shard, ((ShardStart.From) start).position());
    }

    final String shard(int index) {
        return source().describe().shards().get(index).id();
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
    void a_reader_is_not_woken_before_its_first_read_nor_after_its_end() {
        Reading unread = new Reading(shard(0), Position.trimHorizon());
        Reading closed = new Reading(shard(1), Position.trimHorizon());
        closed.next();
        closed.close();
        put(shard(0), "1");
        put(shard(1), "2");

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
            assertBehind(reading.reader, 2);
            reading.texts();
            assertBehind(reading.reader, 0);
        }
        try (Reading behind = new Reading(shard(0), Position.after(third))) {
            behind.texts();
            put(shard(0), "4");
            assertBehind(behind.reader, 1);
        }
    }

    /** Asserts that a reader says so, at once or, where another thread brings the records, soon. */
    protected void assertBehind(ShardReader reader, long records) {
        assertThat(reader.recordsBehind()).isEqualTo(recordsBehind(records));
    }

    /** What a reader says that has so many records left: empty for a source that can't know. */
    protected OptionalLong recordsBehind(long records) {
        return OptionalLong.of(records);
    }

    @Test
    void shards_are_listed_the_oldest_first() {
        assertThat(source().describe().shards())
                .hasSize(2)
                .extracting(ShardDescription::parents)
                .containsOnly(List.of());
        assertThat(source().describe().shards())
                .extracting(ShardDescription::id)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void trim_horizon_begins_shards_at_their_oldest_record() {
        put(shard(0), "1");
        var starts = source().starts(StartingPosition.of("TRIM_HORIZON", null));
        put(shard(1), "2");

        assertThat(starts).containsOnlyKeys(shard(0), shard(1));
        assertThat(texts(shard(0), starts.get(shard(0)))).containsExactly("1");
        assertThat(texts(shard(1), starts.get(shard(1)))).containsExactly("2");
    }

    @Test
    void latest_begins_shards_at_their_tip() {
        put(shard(0), "old");
        advance(STEP); // the tip may be a time, in whole seconds
        var starts = source().starts(StartingPosition.of("LATEST", null));
        put(shard(0), "new");
        put(shard(1), "new");

        assertThat(texts(shard(0), starts.get(shard(0)))).containsExactly("new");
        assertThat(texts(shard(1), starts.get(shard(1)))).containsExactly("new");
    }

    @Test
    void a_time_begins_shards_with_their_first_record_that_arrived_then_or_later() {
        put(shard(0), "old");
        put(shard(1), "old");
        advance(STEP);
        Instant time = now();
        put(shard(0), "new");
        var starts = source().starts(StartingPosition.of("AT_TIMESTAMP", time));

        assertThat(texts(shard(0), starts.get(shard(0)))).containsExactly("new");
        assertThat(texts(shard(1), starts.get(shard(1)))).isEmpty();
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
}
