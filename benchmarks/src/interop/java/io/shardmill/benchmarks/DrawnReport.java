package io.shardmill.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A report with a drawing of its figures. */
abstract class DrawnReport {

    private final Report report = new Report();
    private final List<Figure> drawn = new ArrayList<>();

    final void section(String title, String text) {
        report.section(title, text);
    }

    final void add(Verdict verdict) {
        report.add(verdict);
    }

    final void table(List<List<String>> rows) {
        report.table(rows);
    }

    /** Draws a figure. */
    final void figure(Figure figure) {
        drawn.add(figure);
    }

    /**
     * Writes the report, and the drawing beside it under the same name.
     *
     * @param introduction to the name of the drawing
     */
    final void write(Path target, UnaryOperator<String> introduction) throws IOException {
        String drawing = target.getFileName().toString().replaceFirst("\\.md$", ".svg");
        Files.writeString(target.resolveSibling(drawing), new BarChart(drawn).svg());
        Files.writeString(target, report.markdown(introduction.apply(drawing), ""));
    }
}
