package io.shardmill.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws figures as an SVG document: a panel of horizontal bars for each, readable on light and on dark pages. */
final class BarChart {

    private static final int WIDTH = 800;
    private static final int LABELS = 220;
    private static final int BARS = 400;
    private static final int LINE = 22;
    private static final int BAR = 14;
    private static final int TITLE = 30;
    private static final int GAP = 14;

    private static final String STYLE = """
            <style>
              text { font: 13px sans-serif; fill: #24292f; }
              .title { font-weight: bold; }
              .page { fill: #ffffff; }
              .first { fill: #0969da; }
              .other { fill: #8c959f; }
              @media (prefers-color-scheme: dark) {
                text { fill: #e6edf3; }
                .page { fill: #0d1117; }
                .first { fill: #58a6ff; }
                .other { fill: #6e7681; }
              }
            </style>
            """;

    private final List<Figure> figures;

    BarChart(List<Figure> figures) {
        this.figures = List.copyOf(figures);
    }

    /** Returns the document. Bars are as long as the values of their panel are to each other; the first contender's stands out. */
    String svg() {
        List<String> lines = new ArrayList<>();
        int y = GAP;
        for (Figure figure : figures) {
            String direction = figure.isHigherBetter() ? "higher is better" : "lower is better";
            lines.add(text(GAP, y + BAR, "title", "%s, %s (%s)".formatted(figure.title(), figure.unit(), direction)));
            y += TITLE;
            for (String contender : figure.contenders()) {
                addBar(lines, figure, contender, y);
                y += LINE;
            }
            y += GAP;
        }
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" role="img">
                %3$s<rect class="page" width="%1$d" height="%2$d"/>
                %4$s
                </svg>
                """.formatted(WIDTH, y, STYLE, String.join("\n", lines));
    }

    private static void addBar(List<String> lines, Figure figure, String contender, int y) {
        boolean isFirst = contender.equals(figure.contenders().get(0));
        double value = figure.median(contender);
        long length = Double.isNaN(value) ? 0 : Math.max(1, Math.round(BARS * value / longest(figure)));
        lines.add(text(GAP, y + BAR - 2, "label", contender));
        lines.add("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>"
                .formatted(isFirst ? "first" : "other", LABELS, y, length, BAR));
        String shown = Double.isNaN(value) ? Figure.UNFINISHED : String.format(Locale.ROOT, figure.format(), value);
        lines.add(text((int) (LABELS + length + 6), y + BAR - 2, "value", shown));
    }

    /** Returns the largest value, or 1 if there is none. */
    private static double longest(Figure figure) {
        double largest = figure.contenders().stream()
                .mapToDouble(figure::median)
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(1);
        return largest > 0 ? largest : 1;
    }

    private static String text(int x, int y, String kind, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        return "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>".formatted(kind, x, y, escaped);
    }
}
