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

    /**
     * @param introduction what stands above the table of the targets
     * @param untimed rows of targets that are tested elsewhere
     */
    String markdown(String introduction, String untimed) {
        StringBuilder text = new StringBuilder(introduction).append("""

                | target | goal | measured | |
                |---|---|---|---|
                """);
        for (Verdict verdict : verdicts) {
            text.append("| %s | %s | %s | %s |%n"
                    .formatted(
                            verdict.target(),
                            verdict.goal(),
                            verdict.measured(),
                            verdict.reached() ? "reached" : "**missed**"));
        }
        text.append(untimed).append('\n');
        verdicts.stream()
                .map(verdict -> "- **%s** %s%n".formatted(verdict.target(), verdict.remark()))
                .distinct()
                .forEach(text::append);
        return text.append(details).toString();
    }
}
