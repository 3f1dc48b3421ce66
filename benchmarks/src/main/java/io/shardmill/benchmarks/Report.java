package io.shardmill.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** The Markdown report: a table of the targets, and below it the figures they were judged by. */
final class Report {

    private final List<Verdict> verdicts = new ArrayList<>();
    private final StringBuilder details = new StringBuilder();

    void add(Verdict verdict) {
        verdicts.add(verdict);
        System.out.printf(
                "%s %s: %s (%s)%n",
                verdict.target(), verdict.reached() ? "reached" : "MISSED", verdict.measured(), verdict.goal());
    }

    /** Begins a section of figures. */
    void section(String title, String text) {
        details.append("\n## ").append(title).append("\n\n").append(text).append('\n');
    }

    /** A table; the first row is its head. */
    void table(List<List<String>> rows) {
        details.append('\n');
        for (int row = 0; row < rows.size(); row++) {
            details.append("| ").append(String.join(" | ", rows.get(row))).append(" |\n");
            if (row == 0) {
                details.append("|").append("---|".repeat(rows.get(0).size())).append('\n');
            }
        }
        System.out.println(rows);
    }

    String markdown(Bench bench) {
        StringBuilder text =
                new StringBuilder("""
                # Benchmarks

                Written by `%s`; do not edit. %s.

                Medians of %d interleaved rounds (A, B, A, B, ...); the smallest and the largest round are in brackets.
                A ratio is the median of the rounds' own ratios, so that whatever else the machine does hits both sides.
                The embedded stream has no network: set ratios, not rates, beside those of other systems.

                | target | goal | measured | |
                |---|---|---|---|
                """.formatted(Benchmarks.COMMAND, Machine.describe(bench.folder()), bench.rounds()));
        for (Verdict verdict : verdicts) {
            text.append("| %s | %s | %s | %s |%n"
                    .formatted(
                            verdict.target(),
                            verdict.goal(),
                            verdict.measured(),
                            verdict.reached() ? "reached" : "**missed**"));
        }
        text.append("""
                | G6 | after kill -9 no checkpoint lost that was acknowledged as durable | tested, not measured: `KilledProcessTest`, `KillTest` | |

                """);
        for (Verdict verdict : verdicts) {
            text.append("- **%s** %s%n".formatted(verdict.target(), verdict.remark()));
        }
        return text.append(details).toString();
    }
}
