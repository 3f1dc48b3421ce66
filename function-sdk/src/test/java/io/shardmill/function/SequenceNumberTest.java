package io.shardmill.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceNumberTest {

    private static final BigInteger MAX = BigInteger.TWO.pow(192).subtract(BigInteger.ONE);

    @Test
    void orders_and_prints_like_the_whole_number_it_is() {
        long seed = new Random().nextLong();
        System.out.println("SequenceNumberTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 10_000; round++) {
            BigInteger a = random(random);
            BigInteger b = random.nextInt(10) == 0 ? a : a.add(random(random)).mod(MAX);
            SequenceNumber x = SequenceNumber.parse(a.toString());
            SequenceNumber y = SequenceNumber.parse(b.toString());
            assertThat(x).as("seed %d", seed).hasToString(a.toString());
            assertThat(Integer.signum(x.compareTo(y)))
                    .as("seed %d: %s, %s", seed, a, b)
                    .isEqualTo(a.compareTo(b));
            assertThat(x.isAfter(y)).isEqualTo(a.compareTo(b) > 0);
            assertThat(x.equals(y)).isEqualTo(a.equals(b));
            assertThat(SequenceNumber.ofBits(x.highBits(), x.middleBits(), x.lowBits()))
                    .isEqualTo(x)
                    .hasSameHashCodeAs(x);
        }
    }

    private static BigInteger random(Random random) {
        return new BigInteger(random.nextInt(193), random);
    }

    @Test
    void case_56_numbers_are_compared_as_numbers_never_as_text() {
        assertThat(SequenceNumber.parse("99")).isLessThan(SequenceNumber.parse("100"));
    }

    @Test
    void words_are_unsigned() {
        assertThat(SequenceNumber.ofBits(-1, -1, -1)).hasToString(MAX.toString());
        assertThat(SequenceNumber.ofBits(0, -1, 0)).isGreaterThan(SequenceNumber.ofBits(0, 1, -1));
        assertThat(SequenceNumber.parse(MAX.toString())).isEqualTo(SequenceNumber.ofBits(-1, -1, -1));
    }

    @Test
    void a_number_alone_is_all_of_its_record_and_comes_after_what_was_unpacked_from_it() {
        List<SequenceNumber> ascending = Stream.of("6", "7:1", "7:2", "7:10", "7:999999999", "7", "8:1", "8")
                .map(SequenceNumber::parse)
                .toList();
        assertThat(ascending).isSortedAccordingTo(Comparator.naturalOrder()).doesNotHaveDuplicates();
        assertThat(ascending.stream().sorted(Comparator.reverseOrder()).sorted())
                .containsExactlyElementsOf(ascending);
        assertThat(SequenceNumber.parse("7").isAfter(SequenceNumber.parse("7:2")))
                .isTrue();
        assertThat(SequenceNumber.parse("7:2").isAfter(SequenceNumber.parse("7")))
                .isFalse();
        assertThat(SequenceNumber.parse("7:2")).isEqualByComparingTo(SequenceNumber.parse("7:2"));
    }

    @Test
    void sub_sequence_numbers_are_written_behind_the_number() {
        SequenceNumber outer = SequenceNumber.of(7);
        SequenceNumber inner = outer.withSubSequence(2);
        assertThat(inner).hasToString("7:2").isNotEqualTo(outer);
        assertThat(inner.subSequence()).isEqualTo(2);
        assertThat(SequenceNumber.parse("7:2")).isEqualTo(inner);
        assertThat(inner.withSubSequence(0)).isEqualTo(outer).hasToString("7");
    }

    @Test
    void leading_zeros_do_not_matter() {
        assertThat(SequenceNumber.parse("007")).isEqualTo(SequenceNumber.of(7)).hasToString("7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "+1",
                "1.0",
                "abc",
                "1:",
                ":1",
                "1:2:3",
                "1:-2",
                "1:9999999999",
                "\u0661",
                "1 ",
                "6277101735386680763835789423207666416102355444464034512896",
                "99999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
            })
    void what_is_no_sequence_number_is_refused_with_the_rule(String text) {
        assertThatThrownBy(() -> SequenceNumber.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + (text.length() <= 80 ? text : text.substring(0, 80) + "…") + "'")
                .hasMessageContaining("192 bits");
    }

    @Test
    void negative_numbers_are_refused() {
        assertThatThrownBy(() -> SequenceNumber.of(-5)).hasMessageContaining("-5");
        assertThatThrownBy(() -> SequenceNumber.of(5).withSubSequence(-1)).hasMessageContaining("-1");
    }
}
