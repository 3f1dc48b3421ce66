package io.shardmill.poller.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every known difference to AWS's own matcher, on purpose and with its reason; {@link EventRulerDifferentialTest}
 * finds no others.
 */
class EventRulerDifferencesTest {

    /** A pattern for the payload; what each of the two says of it, or null: refuses the pattern. */
    record Difference(String reason, String pattern, String payload, Boolean ours, Boolean rulers) {}

    static Stream<Difference> differences() {
        return Stream.of(
                // What we deliver and the library would not.
                new Difference(
                        "numbers are compared exactly, however long: the library turns to comparing text",
                        "{\"x\":[99999999999999999999]}",
                        "{\"x\":99999999999999999999.0}",
                        true,
                        false),
                new Difference(
                        "numbers are compared exactly, however large",
                        "{\"x\":[{\"numeric\":[\">\",100]}]}",
                        "{\"x\":1e400}",
                        true,
                        false),
                new Difference(
                        "letters are the same ignoring case as in Java, beyond the basic plane too",
                        "{\"x\":[{\"equals-ignore-case\":\"\\ud801\\udc00\"}]}",
                        "{\"x\":\"\\ud801\\udc28\"}",
                        true,
                        false),
                new Difference(
                        "equal ignoring case goes both ways: the long s is an s",
                        "{\"x\":[{\"equals-ignore-case\":\"s\"}]}",
                        "{\"x\":\"\\u017f\"}",
                        true,
                        false),
                new Difference(
                        "an empty name is a name like any other, at the end too",
                        "{\"x\":{\"\":[1]}}",
                        "{\"x\":{\"\":1}}",
                        true,
                        false),

                // What the library would deliver and we don't.
                new Difference(
                        "all named fields must match, as documented: the library forgets the first of two of one name",
                        "{\"x\":[1],\"$or\":[{\"x\":[2]},{\"y\":[3]}]}",
                        "{\"x\":2}",
                        false,
                        true),
                new Difference("the same in one object", "{\"x\":[1],\"x\":[2]}", "{\"x\":2}", false, true),
                new Difference(
                        "equal ignoring case is letter by letter, so that sharp s is not two letters",
                        "{\"x\":[{\"equals-ignore-case\":\"stra\\u00dfe\"}]}",
                        "{\"x\":\"STRASSE\"}",
                        false,
                        true),
                new Difference(
                        "strings are equal character by character, as documented, addresses too",
                        "{\"x\":[\"::1\"]}",
                        "{\"x\":\"0:0:0:0:0:0:0:1\"}",
                        false,
                        true),
                new Difference(
                        "a block of IPv4 addresses holds no IPv6 addresses",
                        "{\"x\":[{\"cidr\":\"0.0.0.0/0\"}]}",
                        "{\"x\":\"::1\"}",
                        false,
                        true),
                new Difference(
                        "the same for IPv4 addresses written in IPv6",
                        "{\"x\":[{\"cidr\":\"10.0.0.0/24\"}]}",
                        "{\"x\":\"::ffff:a00:7\"}",
                        false,
                        true),
                new Difference(
                        "a defect of the library: a wildcard with a star in front loses its rest to equals-ignore-case",
                        "{\"x\":[{\"wildcard\":\"*y\"},{\"equals-ignore-case\":\"y\"}]}",
                        "{\"x\":\"z\"}",
                        false,
                        true),

                // Patterns.
                new Difference(
                        "what goes on after its end is no JSON", "{\"x\":[1]} and more", "{\"x\":1}", null, true),
                new Difference(
                        "anything but nothing is refused by the library too, but by a fault in some patterns only",
                        "{\"x\":[{\"anything-but\":{\"prefix\":[]}}]}",
                        "{\"x\":1}",
                        null,
                        null));
    }

    @ParameterizedTest
    @MethodSource("differences")
    void is_on_purpose(Difference difference) {
        assertThat(ours(difference)).as(difference.reason()).isEqualTo(difference.ours());
        assertThat(rulers(difference)).as(difference.reason()).isEqualTo(difference.rulers());
    }

    @Test
    void the_library_contradicts_itself_where_a_text_could_be_an_equal_a_number_or_a_prefix() {
        Difference difference = new Difference(
                "a value that equals matches",
                "{\"x\":[\"yX\",{\"numeric\":[\">\",-2.5]},{\"prefix\":\"xyx\"}]}",
                "{\"x\":\"yX\"}",
                true,
                null);
        assertThat(ours(difference)).as(difference.reason()).isEqualTo(difference.ours());
        assertThat(Ruler.contradictsItself(difference.pattern(), difference.payload()))
                .isTrue();
    }

    private static Boolean ours(Difference difference) {
        String pattern = "{\"data\":" + difference.pattern() + "}";
        return Filters.takes(pattern) ? Filters.matches(difference.payload(), pattern) : null;
    }

    private static Boolean rulers(Difference difference) {
        return Ruler.takes(difference.pattern()) ? Ruler.matches(difference.pattern(), difference.payload()) : null;
    }
}
