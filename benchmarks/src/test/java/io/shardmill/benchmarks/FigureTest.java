package io.shardmill.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FigureTest {

    private static Figure figure(boolean isHigherBetter, double[] ours, double[] theirs, double[] tuned) {
        Map<String, Samples> rounds = new LinkedHashMap<>();
        rounds.put("ours", new Samples(ours));
        rounds.put("theirs", new Samples(theirs));
        rounds.put("theirs, tuned", new Samples(tuned));
        return new Figure("rate", "records/s", "%.0f", isHigherBetter, rounds);
    }

    private static double[] rounds(double... values) {
        return values;
    }

    @Test
    void the_first_is_judged_by_the_medians_beside_the_best_of_the_others() {
        Verdict verdict = figure(true, rounds(9, 10, 99), rounds(1, 2, 3), rounds(11, 12, 13))
                .verdict("K1", "why");
        assertThat(verdict.reached()).isFalse();
        assertThat(verdict.measured()).isEqualTo("10 [9 - 99]; theirs, tuned: 12 [11 - 13]");
    }

    @Test
    void less_is_ahead_where_less_is_better() {
        assertThat(figure(false, rounds(1), rounds(2), rounds(3))
                        .verdict("K1", "why")
                        .reached())
                .isTrue();
    }

    @Test
    void equal_is_not_ahead() {
        assertThat(figure(true, rounds(2), rounds(2), rounds(1))
                        .verdict("K1", "why")
                        .reached())
                .isFalse();
    }

    @Test
    void what_finished_is_ahead_of_what_did_not() {
        Figure figure = figure(false, rounds(5, 6), rounds(1, Double.NaN), rounds(Double.NaN, Double.NaN));
        assertThat(figure.verdict("K1", "why").reached()).isTrue();
        assertThat(figure.show("theirs")).isEqualTo(Figure.UNFINISHED);
    }

    @Test
    void who_did_not_finish_is_not_ahead_of_who_did_not_either() {
        Figure figure = figure(false, rounds(Double.NaN), rounds(Double.NaN), rounds(Double.NaN));
        assertThat(figure.verdict("K1", "why").reached()).isFalse();
    }

    @Test
    void what_is_beside_another_is_so_round_by_round() {
        Figure ratios = figure(true, rounds(2, 30), rounds(4, 10), rounds(1, 1)).beside("theirs");
        assertThat(ratios.show("ours")).isEqualTo("1.75 [0.50 - 3.00]");
        assertThat(ratios.show("theirs")).isEqualTo("1.00 [1.00 - 1.00]");
    }

    @Test
    void what_is_beside_an_unfinished_round_is_unfinished() {
        Figure figure = figure(true, rounds(2, 30), rounds(4, Double.NaN), rounds(1, 1));
        assertThat(figure.beside("theirs").median("ours")).isNaN();
    }

    @Test
    void a_table_has_a_row_for_each_contender() {
        Figure figure = figure(true, rounds(1), rounds(2), rounds(3));
        assertThat(Figure.table(List.of(figure)))
                .containsExactly(
                        List.of("", "rate, records/s"),
                        List.of("ours", "1 [1 - 1]"),
                        List.of("theirs", "2 [2 - 2]"),
                        List.of("theirs, tuned", "3 [3 - 3]"));
    }
}
