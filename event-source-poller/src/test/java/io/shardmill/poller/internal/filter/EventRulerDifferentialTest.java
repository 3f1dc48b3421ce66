package io.shardmill.poller.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Random patterns and payloads: what is matched, and what is refused, is what AWS's own matcher says. */
class EventRulerDifferentialTest {

    private long seed;
    private Random random;

    @BeforeEach
    void seed() {
        seed = new Random().nextLong();
        System.out.println("EventRulerDifferentialTest seed " + seed);
        random = new Random(seed);
    }

    @Test
    void the_same_payloads_match() {
        RandomPatterns patterns = new RandomPatterns(random, 0);
        compare(4_000, patterns::pattern, patterns::payload);
    }

    @Test
    void the_same_arrays_match() {
        RandomPatterns patterns = new RandomPatterns(random, 0);
        compare(10_000, patterns::elementPattern, patterns::elements);
    }

    /** Compares as many pairs, and more until one in twenty of these matched and as many did not. */
    private void compare(int pairs, Supplier<String> patterns, Supplier<String> payloads) {
        int compared = 0;
        int matched = 0;
        while (compared < pairs || Math.min(matched, compared - matched) < pairs / 20) {
            assertThat(compared).as("seed %s: %s matched", seed, matched).isLessThan(2 * pairs);
            String pattern = patterns.get();
            if (!isKnownToDiffer(pattern)) {
                String payload = payloads.get();
                String event = "{\"data\":" + payload + "}";
                boolean expected = Ruler.matches(pattern, event);
                assertThat(Filters.matches(payload, pattern) == expected || Ruler.contradictsItself(pattern, event))
                        .as("seed %s: %s on %s is %s", seed, pattern, payload, expected)
                        .isTrue();
                compared++;
                matched += expected ? 1 : 0;
            }
        }
    }

    @Test
    void several_patterns_match_if_one_does() {
        RandomPatterns patterns = new RandomPatterns(random, 0);
        for (int round = 0; round < 1_000; round++) {
            List<String> several = List.of(
                    patterns.pattern(),
                    patterns.pattern(),
                    "{\"partitionKey\":[\"other\"]," + patterns.pattern().substring(1));
            String payload = patterns.payload();
            boolean one = several.stream().anyMatch(pattern -> Filters.matches(payload, pattern));
            assertThat(Filters.matches(payload, several.toArray(String[]::new)))
                    .as("seed %s: %s on %s", seed, several, payload)
                    .isEqualTo(one);
        }
    }

    @Test
    void the_same_patterns_are_refused() {
        RandomPatterns patterns = new RandomPatterns(random, 12);
        int refused = 0;
        for (int round = 0; round < 3_000; round++) {
            String pattern = patterns.pattern();
            boolean expected = Ruler.takes(pattern);
            assertThat(Filters.takes(pattern)).as("seed %s: %s", seed, pattern).isEqualTo(expected);
            refused += expected ? 0 : 1;
        }
        assertThat(refused).as("seed %s: enough of both", seed).isBetween(300, 2_700);
    }

    /** One name twice, or a wildcard beside a test that ignores case: see {@link EventRulerDifferencesTest}. */
    private static boolean isKnownToDiffer(String pattern) {
        for (List<Field> way : Pattern.parse(pattern).ways()) {
            Set<String> names = new HashSet<>();
            if (!way.stream().allMatch(field -> names.add(field.name()))
                    || way.stream().anyMatch(EventRulerDifferentialTest::hasWildcardAndIgnoresCase)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasWildcardAndIgnoresCase(Field field) {
        String tests = field.tests().toString();
        return tests.contains("Wildcard[") && tests.contains("EqualIgnoringCase[");
    }
}
