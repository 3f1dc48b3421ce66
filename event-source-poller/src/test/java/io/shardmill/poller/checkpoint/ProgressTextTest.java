package io.shardmill.poller.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTextTest {

    @Test
    void positions_come_back_as_they_were() {
        SequenceNumber number = SequenceNumber.parse("4967:12");
        for (Position position : List.of(
                Position.trimHorizon(),
                Position.at(number),
                Position.after(number),
                Position.atTimestamp(Instant.parse("2026-11-23T08:00:00.123456789Z")),
                Position.atTimestamp(Instant.EPOCH))) {
            assertThat(ProgressText.position(ProgressText.ofPosition(position))).isEqualTo(position);
        }
    }

    @Test
    void random_facts_and_heads_come_back_as_they_were() {
        long seed = new Random().nextLong();
        System.out.println("ProgressTextTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 1_000; round++) {
            List<LaneFact> facts = some(
                    random,
                    factor -> new LaneFact(random.nextInt(factor), factor, number(random), random.nextBoolean()));
            List<RetryState> heads = some(
                    random,
                    factor -> new RetryState(
                            random.nextInt(factor),
                            factor,
                            random.nextInt(10_001),
                            some(random, ignored -> number(random)).isEmpty()
                                    ? List.of(number(random))
                                    : List.of(number(random), number(random))));
            assertThat(ProgressText.facts(ProgressText.ofFacts(facts))).isEqualTo(facts);
            assertThat(ProgressText.heads(ProgressText.ofHeads(heads))).isEqualTo(heads);
        }
    }

    @Test
    void is_text_that_people_can_read() {
        assertThat(ProgressText.ofFacts(List.of(
                        new LaneFact(0, 4, SequenceNumber.of(496)),
                        new LaneFact(3, 4, SequenceNumber.of(499).withSubSequence(2), true))))
                .isEqualTo("0/4=496 3/4u=499:2");
        assertThat(ProgressText.ofHeads(
                        List.of(new RetryState(1, 4, 3, List.of(SequenceNumber.of(5), SequenceNumber.of(9))))))
                .isEqualTo("1/4*3=5,9");
        assertThat(ProgressText.ofShards(List.of("a", "b"))).isEqualTo("a b");
    }

    @Test
    void nothing_is_an_empty_text() {
        assertThat(ProgressText.facts("")).isEmpty();
        assertThat(ProgressText.heads("")).isEmpty();
        assertThat(ProgressText.shards(ProgressText.ofShards(List.of()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "TRIM",
                "TRIM_HORIZON 1",
                "AT_TIMESTAMP",
                "AT_TIMESTAMP yesterday",
                "AT_SEQUENCE_NUMBER x",
                "LATEST"
            })
    void what_is_no_position_is_refused(String text) {
        assertThatThrownBy(() -> ProgressText.position(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "0/4",
                "0/4=",
                "4/4=1",
                "-1/4=1",
                "0/4=1  1/4=2",
                "0/4=1,2",
                "0/4*1=1",
                "0/4=1:",
                "0/4v=1",
                "x"
            })
    void what_is_no_fact_is_refused(String text) {
        assertThatThrownBy(() -> ProgressText.facts(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {" ", "0/4=1", "0/4*1=", "0/4*1=1,", "4/4*1=1", "0/4*9999999999=1", "0/4*1=,1", "0/4*1=FINAL,1"})
    void what_is_no_head_is_refused(String text) {
        assertThatThrownBy(() -> ProgressText.heads(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_head_that_is_only_a_final_invocation_says_so() {
        List<RetryState> heads = List.of(new RetryState(0, 1, 3, List.of()));
        assertThat(ProgressText.ofHeads(heads)).isEqualTo("0/1*3=FINAL");
        assertThat(ProgressText.heads("0/1*3=FINAL")).isEqualTo(heads);
    }

    @Test
    void a_shard_id_that_could_not_be_read_back_is_not_written() {
        assertThatThrownBy(() -> ProgressText.ofShards(List.of("a b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a b'");
    }

    private static <T> List<T> some(Random random, Function<Integer, T> make) {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> make.apply(1 + random.nextInt(10)))
                .toList();
    }

    private static SequenceNumber number(Random random) {
        return SequenceNumber.ofBits(random.nextLong(), random.nextLong(), random.nextLong())
                .withSubSequence(random.nextInt(3));
    }
}
