package io.shardmill.poller.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.checkpoint.LaneFact;
import io.shardmill.poller.checkpoint.Progress;
import io.shardmill.poller.stream.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FinishedRecordsTest {

    private static Record keyed(long number, String key) {
        return Batches.record(number, key, 0);
    }

    /** A key of that lane under that factor. */
    private static String key(int lane, int factor) {
        int suffix = 0;
        while (LaneHash.laneOf("k" + suffix, factor) != lane) {
            suffix++;
        }
        return "k" + suffix;
    }

    private static SequenceNumber number(long number) {
        return SequenceNumber.of(number);
    }

    @Test
    void a_lane_is_finished_through_the_record_read_before_its_first_unfinished_one() {
        FinishedRecords records = new FinishedRecords(3, Progress.NONE);
        records.read(keyed(1, key(0, 3)));
        records.read(keyed(2, key(1, 3)));
        records.read(keyed(3, key(0, 3)));
        records.read(keyed(4, key(2, 3)));
        records.read(keyed(5, key(1, 3)));
        records.read(keyed(6, key(0, 3)));
        records.finish(0, 1);
        records.finish(1, 1);
        records.finish(2, 1);

        assertThat(records.progress(List.of()))
                .isEqualTo(new Progress(
                        number(2), List.of(new LaneFact(1, 3, number(4)), new LaneFact(2, 3, number(6))), List.of()));
    }

    @Test
    void when_all_is_finished_only_the_watermark_is_left() {
        FinishedRecords records = new FinishedRecords(4, Progress.NONE);
        for (int count = 1; count <= 20; count++) {
            records.read(keyed(count, "k" + count));
        }
        for (int lane = 0; lane < 4; lane++) {
            records.finish(lane, records.unfinished(lane));
        }

        assertThat(records.progress(List.of())).isEqualTo(new Progress(number(20), List.of(), List.of()));
    }

    @Test
    void while_the_first_record_of_a_shard_is_unfinished_there_is_no_watermark() {
        FinishedRecords records = new FinishedRecords(1, Progress.NONE);
        records.read(keyed(1, "k"));
        records.read(keyed(2, "k"));

        assertThat(records.progress(List.of())).isEqualTo(Progress.NONE);
    }

    @Test
    void a_fact_of_another_factor_holds_until_the_watermark_has_passed_it() {
        LaneFact fact = new LaneFact(1, 2, number(3));
        FinishedRecords records = new FinishedRecords(1, new Progress(number(0), List.of(fact), List.of()));
        String finished = key(1, 2);
        String open = key(0, 2);

        assertThat(records.read(keyed(1, open))).isZero();
        assertThat(records.read(keyed(2, finished))).isEqualTo(-1);
        assertThat(records.read(keyed(3, finished))).isEqualTo(-1);
        assertThat(records.read(keyed(4, finished))).isZero();
        assertThat(records.progress(List.of()).ahead()).containsExactly(fact);
        records.finish(0, 1);
        assertThat(records.progress(List.of())).isEqualTo(new Progress(number(3), List.of(), List.of()));
    }

    @Test
    void a_fact_about_unpacked_records_says_nothing_of_records_as_they_are_stored_nor_the_other_way_round() {
        LaneFact stored = new LaneFact(0, 1, number(7));
        LaneFact unpacked = new LaneFact(0, 1, number(7).withSubSequence(3), true);
        Progress saved = new Progress(number(6), List.of(stored, unpacked), List.of());
        Record whole = keyed(7, "k");
        Record part = Record.of(Batches.SHARD, number(7).withSubSequence(3), "k", new byte[0], 0);

        assertThat(new FinishedRecords(1, new Progress(number(6), List.of(unpacked), List.of())).read(whole))
                .isZero();
        assertThat(new FinishedRecords(1, new Progress(number(6), List.of(stored), List.of()), true).read(part))
                .isZero();
        assertThat(new FinishedRecords(1, saved).read(whole)).isEqualTo(-1);
        assertThat(new FinishedRecords(1, saved, true).read(part)).isEqualTo(-1);
    }

    /** A source that unpacked and does so no longer, or the other way round; the lanes change, too. */
    @Test
    void however_often_records_are_unpacked_or_not_nothing_of_them_is_left_out() {
        long seed = new Random().nextLong();
        System.out.println("FinishedRecordsTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            Progress saved = Progress.NONE;
            Set<String> finished = new HashSet<>();
            for (int life = 0; life < 8; life++) {
                boolean unpacked = random.nextBoolean();
                boolean isLast = life == 7;
                int factor = 1 + random.nextInt(4);
                FinishedRecords records = new FinishedRecords(factor, saved, unpacked);
                Position from = saved.watermark() == null ? Position.trimHorizon() : Position.after(saved.watermark());
                List<Record> rest = new ArrayList<>(packed(unpacked));
                rest.removeIf(record -> from.isPast(record.sequenceNumber()));
                rest.subList(isLast ? rest.size() : random.nextInt(rest.size() + 1), rest.size())
                        .clear();
                rest.forEach(records::read);
                for (int lane = 0; lane < factor; lane++) {
                    int count = isLast ? records.unfinished(lane) : random.nextInt(records.unfinished(lane) + 1);
                    records.first(lane, count)
                            .forEach(record ->
                                    finished.addAll(List.of(record.text().split(" "))));
                    records.finish(lane, count);
                }
                saved = records.progress(List.of());
            }
            assertThat(finished).as("seed %s, round %s", seed, round).hasSize(60);
        }
    }

    /** Twenty records of three each; the words of their texts are what is in them. */
    private static List<Record> packed(boolean unpacked) {
        List<Record> records = new ArrayList<>();
        for (int count = 1; count <= 20; count++) {
            List<String> words = List.of(count + "a", count + "b", count + "c");
            if (!unpacked) {
                records.add(record(number(count), "key " + count, String.join(" ", words)));
                continue;
            }
            for (int place = 1; place <= 3; place++) {
                String word = words.get(place - 1);
                records.add(record(number(count).withSubSequence(place), "key " + word, word));
            }
        }
        return records;
    }

    private static Record record(SequenceNumber number, String key, String text) {
        return Record.of(Batches.SHARD, number, key, text, Instant.EPOCH);
    }

    @Test
    void whatever_happens_every_record_is_delivered_and_nothing_unfinished_is_said_to_be_finished() {
        long seed = new Random().nextLong();
        System.out.println("FinishedRecordsTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            new Model(random, "seed " + seed + ", round " + round).run();
        }
    }

    /** A shard through several lives; knows the truth because it remembers every record that was ever finished. */
    private static final class Model {

        private final Random random;
        private final String what;
        private final List<Record> shard = new ArrayList<>();
        private final Set<SequenceNumber> finished = new HashSet<>();
        private Progress saved = Progress.NONE;

        Model(Random random, String what) {
            this.random = random;
            this.what = what;
            long number = 0;
            int keys = 1 + random.nextInt(20);
            for (int count = random.nextInt(60); count >= 0; count--) {
                number += 1 + random.nextInt(3);
                shard.add(keyed(number, "key " + random.nextInt(keys)));
            }
        }

        void run() {
            for (int life = random.nextInt(8); life >= 0; life--) {
                live(random.nextInt(200), random.nextBoolean());
            }
            live(Integer.MAX_VALUE, true);
            assertThat(finished).as(what).hasSameSizeAs(shard);
            assertThat(saved)
                    .as(what)
                    .isEqualTo(new Progress(shard.get(shard.size() - 1).sequenceNumber(), List.of(), List.of()));
        }

        /** Reads and finishes at random, saves now and then, and in the end only if it is stopped cleanly. */
        private void live(int steps, boolean clean) {
            int factor = 1 + random.nextInt(10);
            FinishedRecords records = new FinishedRecords(factor, saved);
            int next = 0;
            while (next < shard.size() && isBelowWatermark(shard.get(next))) {
                next++;
            }
            for (int step = 0; step < steps; step++) {
                int lane = random.nextInt(factor);
                if (next < shard.size() && random.nextBoolean()) {
                    read(records, shard.get(next++));
                } else if (records.unfinished(lane) > 0) {
                    finish(records, lane, 1 + random.nextInt(records.unfinished(lane)));
                } else if (next == shard.size() && isAllFinished(records, factor)) {
                    break;
                }
                if (random.nextInt(10) == 0) {
                    save(records);
                }
            }
            if (clean) {
                save(records);
            }
        }

        private boolean isBelowWatermark(Record record) {
            return saved.watermark() != null && !record.sequenceNumber().isAfter(saved.watermark());
        }

        private void read(FinishedRecords records, Record record) {
            if (records.read(record) < 0) {
                assertThat(finished)
                        .as("%s: %s is said to be finished", what, record)
                        .contains(record.sequenceNumber());
            }
        }

        private void finish(FinishedRecords records, int lane, int count) {
            records.first(lane, count).forEach(record -> finished.add(record.sequenceNumber()));
            records.finish(lane, count);
        }

        private static boolean isAllFinished(FinishedRecords records, int factor) {
            for (int lane = 0; lane < factor; lane++) {
                if (records.unfinished(lane) > 0) {
                    return false;
                }
            }
            return true;
        }

        /** Checks every claim of the progress against the truth. */
        private void save(FinishedRecords records) {
            saved = records.progress(List.of());
            for (Record record : shard) {
                boolean claimed = isBelowWatermark(record)
                        || saved.ahead().stream()
                                .anyMatch(fact -> !record.sequenceNumber().isAfter(fact.through())
                                        && LaneHash.laneOf(record.partitionKey(), fact.factor()) == fact.lane());
                if (claimed) {
                    assertThat(finished)
                            .as("%s: %s claims %s", what, saved, record)
                            .contains(record.sequenceNumber());
                }
            }
        }
    }
}
