package io.shardmill.architecture;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.documents.GeneratedDocument;
import io.shardmill.documents.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The table of the specification's cases is made of the tests that have a case's number in their name: they all run in
 * each build, so a case with a test passes.
 */
class ConformanceTableTest {

    private static final String CASES = "conformance-cases.tsv";
    private static final Pattern TEST = Pattern.compile("void case_((?:r?\\d+)(?:_and_r?\\d+)*)_\\w+\\(");

    /**
     * A case of the specification.
     *
     * @param evidence how the behaviour is known
     * @param later what of Shardmill it waits for, or empty
     */
    private record Case(String number, String what, String evidence, String later) {

        static Case of(String line) {
            String[] columns = line.split("\t", -1);
            return new Case(columns[0], columns[1], columns[2], columns[3]);
        }

        String row(Map<String, Set<String>> tests) {
            Set<String> classes = tests.getOrDefault(number, Set.of());
            String proof = classes.stream().map(name -> "`" + name + "`").collect(joining(", "));
            String passes = later.isEmpty() ? "yes" : "yes, but for " + later;
            if (classes.isEmpty()) {
                passes = later.isEmpty() ? "**no test**" : "to come, with " + later;
            }
            return "| " + number + " | " + what.replace("|", "\\|") + " | " + evidence + " | " + passes + " | " + proof
                    + " |";
        }
    }

    @Test
    void the_table_in_the_docs_is_that_of_the_tests() throws IOException {
        GeneratedDocument.named("conformance.md").assertIs(table(cases(), tests()));
    }

    @Test
    void every_numbered_test_belongs_to_a_case() throws IOException {
        assertThat(cases().stream().map(Case::number).toList())
                .doesNotHaveDuplicates()
                .containsAll(tests().keySet());
    }

    private static List<Case> cases() throws IOException {
        try (InputStream cases = ConformanceTableTest.class.getResourceAsStream(CASES)) {
            return new String(cases.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(Case::of)
                    .toList();
        }
    }

    /** Test classes by case number, of all modules. */
    private static Map<String, Set<String>> tests() throws IOException {
        Map<String, Set<String>> tests = new TreeMap<>();
        for (Path file : Repository.javaSources()) {
            if (!file.toString().contains("/src/test/java/")) {
                continue;
            }
            String name = file.getFileName().toString().replace(".java", "");
            Matcher matcher = TEST.matcher(Files.readString(file));
            while (matcher.find()) {
                for (String number : matcher.group(1).split("_and_", -1)) {
                    tests.computeIfAbsent(number, unused -> new TreeSet<>()).add(name);
                }
            }
        }
        return tests;
    }

    private static String table(List<Case> cases, Map<String, Set<String>> tests) {
        List<Case> mapping =
                cases.stream().filter(known -> !known.number().startsWith("r")).toList();
        List<Case> runtime =
                cases.stream().filter(known -> known.number().startsWith("r")).toList();
        return """
                # Conformance

                Made of the tests' names by `ConformanceTableTest`; do not edit. Every test runs in each build.

                ## Event source mapping

                The cases of [the specification](spec/lambda-stream-mapping.md), chapter 14. Evidence: recorded from AWS,
                documented by it, in its API model, what emulators do, or inferred.

                | case | what | evidence | passes | tests |
                |---|---|---|---|---|
                %s

                ## Lambda Runtime API

                The cases of [the specification](spec/lambda-runtime-api.md), chapter 7.

                | case | what | evidence | passes | tests |
                |---|---|---|---|---|
                %s
                """.formatted(rows(mapping, tests), rows(runtime, tests));
    }

    private static String rows(List<Case> cases, Map<String, Set<String>> tests) {
        return cases.stream().map(known -> known.row(tests)).collect(joining("\n"));
    }
}
