package io.shardmill.documents;

import static java.util.stream.Collectors.toCollection;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The tables of a document in {@code docs}, by the headings above them. */
record MarkdownTables(String text) {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    static MarkdownTables of(String name) throws IOException {
        return new MarkdownTables(
                Files.readString(Repository.ROOT.resolve("docs").resolve(name)));
    }

    /** Returns the rows, without the head, of the tables between a heading and the next one of any level. */
    List<List<String>> rows(String heading) {
        List<String> lines = text.lines().toList();
        int first = lines.indexOf(heading) + 1;
        if (first == 0) {
            throw new AssertionError("no heading '" + heading + "'");
        }
        return lines.subList(first, lines.size()).stream()
                .takeWhile(line -> !line.startsWith("#"))
                .filter(line -> line.startsWith("| `"))
                .map(line ->
                        Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
                .map(cells -> cells.subList(1, cells.size() - 1))
                .toList();
    }

    /** Returns what the first column names. */
    Set<String> names(String heading) {
        return rows(heading).stream().flatMap(row -> codes(row.get(0)).stream()).collect(toCollection(TreeSet::new));
    }

    /** Returns what a cell has in the type of code. */
    static Set<String> codes(String cell) {
        return CODE.matcher(cell)
                .results()
                .map((MatchResult code) -> code.group(1))
                .collect(toCollection(TreeSet::new));
    }
}
