package io.shardmill.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The records in docs/adr, and the places that cite them. */
class DecisionsTest {

    private static final Path PROJECT = Path.of("..");
    private static final Path RECORDS = PROJECT.resolve("docs/adr");
    private static final Pattern RECORD = Pattern.compile("(\\d{4})-[a-z0-9-]+\\.md");
    private static final Pattern CITATION = Pattern.compile("\\bADR (\\d+)|docs/adr/(\\d{4})|(?<=\\]\\()(\\d{4})-");

    @Test
    void records_are_numbered_in_order_without_a_gap() throws Exception {
        List<Integer> numbers = numbers();

        assertThat(numbers)
                .isEqualTo(IntStream.rangeClosed(1, numbers.size()).boxed().toList());
    }

    @Test
    void every_record_that_is_cited_exists() throws Exception {
        Set<Integer> cited = new TreeSet<>();
        try (Stream<Path> files = Files.walk(PROJECT)) {
            files.filter(DecisionsTest::mayCite).forEach(file -> addCited(file, cited));
        }

        assertThat(cited).isNotEmpty().isSubsetOf(numbers());
    }

    private static List<Integer> numbers() throws IOException {
        try (Stream<Path> files = Files.list(RECORDS)) {
            return files.map(file -> RECORD.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(name -> Integer.valueOf(name.group(1)))
                    .sorted()
                    .toList();
        }
    }

    private static boolean mayCite(Path file) {
        String path = PROJECT.relativize(file).toString();
        return (path.endsWith(".java") || path.endsWith(".md"))
                && !path.contains("target")
                && Files.isRegularFile(file);
    }

    private static void addCited(Path file, Set<Integer> cited) {
        try {
            Matcher citation = CITATION.matcher(Files.readString(file));
            while (citation.find()) {
                IntStream.rangeClosed(1, citation.groupCount())
                        .mapToObj(citation::group)
                        .filter(number -> number != null)
                        .forEach(number -> cited.add(Integer.valueOf(number)));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
