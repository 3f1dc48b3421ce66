package io.shardmill.documents;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds docs/architecture.md to the sources. A class is named in backticks, alone or with a member: {@code Lane} or
 * {@code Lane.next}. What is written so and is no class, such as an operation of AWS's, has no backticks there.
 */
class ArchitectureDocumentTest {

    private static final Path PROJECT = Repository.ROOT;
    private static final Path DOCUMENT = PROJECT.resolve("docs/architecture.md");
    private static final String ROOT_PACKAGE = "io/shardmill/";

    /** A row of the package map: its package, whether it covers those below, and the class to start with. */
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\|[^|]*\\| `([a-z.]+)`( and below)? \\|[^|]*\\|[^|]*\\| `(\\w+)` \\|$");

    private static final Pattern NAMED_CLASS = Pattern.compile("`([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(?:\\.(\\w+))?`");

    /** @param start the class to start with */
    private record Row(String packageName, boolean andBelow, String start) {

        boolean covers(String name) {
            return name.equals(packageName) || (andBelow && name.startsWith(packageName + "."));
        }
    }

    private static String document;
    private static List<Path> sources;

    @BeforeAll
    static void read() throws IOException {
        document = Files.readString(DOCUMENT);
        sources = Repository.javaSources().stream()
                .map(PROJECT::relativize)
                .filter(file -> file.toString().matches(".*\\bsrc/(main|test)/java/.*"))
                .toList();
    }

    @Test
    void every_package_is_in_the_map() {
        assertThat(packages())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(map())
                        .as("docs/architecture.md, the map: a row of package %s", name)
                        .anyMatch(row -> row.covers(name)));
    }

    @Test
    void every_row_of_the_map_starts_with_a_class_of_its_package() {
        assertThat(map())
                .isNotEmpty()
                .allSatisfy(row -> assertThat(sources)
                        .as("docs/architecture.md, the map: class %s of package %s", row.start(), row.packageName())
                        .anyMatch(file -> simpleName(file).equals(row.start()) && row.covers(packageOf(file))));
    }

    @Test
    void every_class_and_member_that_is_named_exists() throws IOException {
        Map<String, Path> classes =
                sources.stream().collect(toMap(ArchitectureDocumentTest::simpleName, file -> file, (a, b) -> a));
        List<MatchResult> named = NAMED_CLASS.matcher(document).results().toList();

        assertThat(named).isNotEmpty();
        for (MatchResult name : named) {
            assertThat(classes)
                    .as("docs/architecture.md names %s", name.group())
                    .containsKey(name.group(1));
            if (name.group(2) != null) {
                assertThat(Files.readString(PROJECT.resolve(classes.get(name.group(1)))))
                        .as("docs/architecture.md names %s", name.group())
                        .containsPattern("\\b" + name.group(2) + "\\b");
            }
        }
    }

    private static List<Row> map() {
        return ROW.matcher(document)
                .results()
                .map(row -> new Row(row.group(1), row.group(2) != null, row.group(3)))
                .toList();
    }

    /** Packages of main sources, without the root they share. */
    private static Set<String> packages() {
        return sources.stream()
                .filter(file -> file.endsWith("package-info.java"))
                .filter(file -> file.toString().contains("src/main/"))
                .map(ArchitectureDocumentTest::packageOf)
                .collect(toCollection(TreeSet::new));
    }

    private static String packageOf(Path file) {
        String folder = String.valueOf(file.getParent());
        int root = folder.indexOf(ROOT_PACKAGE);
        return root < 0 ? "" : folder.substring(root + ROOT_PACKAGE.length()).replace('/', '.');
    }

    private static String simpleName(Path file) {
        return String.valueOf(file.getFileName()).replace(".java", "");
    }
}
