package io.shardmill.poller.internal.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Patterns and payloads of few names and few values, so that they often meet. Keeps out of the way of the known
 * differences ({@link EventRulerDifferencesTest}).
 */
final class RandomPatterns {

    private static final List<String> NAMES = List.of("a", "b", "c", "a.b", "a-b", "b.c.a", "prefix", "ü");
    private static final List<String> LETTERS = List.of("a", "b", "c", "n");
    private static final List<String> STRINGS = List.of(
            "",
            "x",
            "y",
            "xy",
            "X",
            "yX",
            "xyx",
            "é",
            "*",
            "5",
            "x*y",
            "10.0.0.1",
            "10.0.9.1",
            "2001:db8::1",
            "2001:db9::1");
    private static final List<String> NUMBERS =
            List.of("0", "-0.0", "1", "5", "5.0", "50e-1", "-3", "2.5", "100", "1e2", "123456789");
    private static final List<String> BLOCKS =
            List.of("10.0.0.0/24", "10.0.8.0/21", "10.0.0.0/8", "2001:db8::/32", "2001:db8::/31", "11.0.0.0/8");
    private static final List<String> WILDCARDS =
            List.of("*", "x*", "*x", "x*x", "*y*", "x*y*", "", "x\\\\*y", "*\\\\*", "10.0.*.1");

    private final Random random;
    private final int wrongOutOf;

    /** @param wrongOutOf one part of so many breaks a rule; 0 for none */
    RandomPatterns(Random random, int wrongOutOf) {
        this.random = random;
        this.wrongOutOf = wrongOutOf;
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private boolean once(int outOf) {
        return outOf > 0 && random.nextInt(outOf) == 0;
    }

    private <T> List<T> some(int atLeast, int atMost, Supplier<T> supplier) {
        int count = atLeast + random.nextInt(atMost - atLeast + 1);
        return Stream.generate(supplier).limit(count).toList();
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private static String array(List<String> elements) {
        return elements.stream().collect(Collectors.joining(",", "[", "]"));
    }

    // Payloads.

    String payload() {
        return value(0);
    }

    private String value(int depth) {
        int kind = random.nextInt(10);
        if ((depth == 0 && kind > 0) || (depth < 4 && kind < 3)) {
            return object(depth);
        }
        if (depth < 5 && kind < 6) {
            return array(some(0, 4, () -> value(depth + 1)));
        }
        return scalar();
    }

    private String object(int depth) {
        return some(0, 4, () -> quoted(any(NAMES)) + ":" + value(depth + 1)).stream()
                .collect(Collectors.joining(",", "{", "}"));
    }

    private String scalar() {
        return switch (random.nextInt(5)) {
            case 0 -> any(NUMBERS);
            case 1 -> any(List.of("true", "false", "null"));
            default -> quoted(any(STRINGS));
        };
    }

    /** An array of objects with few fields, some of which have an array again. */
    String elements() {
        return "{\"l\":" + array(some(1, 3, this::elementOrValue)) + "}";
    }

    private String elementOrValue() {
        return once(4) ? String.valueOf(random.nextInt(3)) : element(true);
    }

    private String element(boolean outer) {
        List<String> fields = new ArrayList<>(some(0, 3, () -> quoted(any(LETTERS)) + ":" + random.nextInt(3)));
        if (outer && once(2)) {
            fields.add("\"m\":" + array(some(1, 3, () -> element(false))));
        }
        return fields.stream().collect(Collectors.joining(",", "{", "}"));
    }

    /** A pattern for such an array: values and absences in one element, or in an element of that. */
    String elementPattern() {
        Supplier<String> fields = () -> LETTERS.stream()
                .filter(letter -> once(2))
                .map(letter -> quoted(letter) + ":[" + (once(2) ? "{\"exists\":false}" : random.nextInt(3)) + "]")
                .collect(Collectors.joining(",", "\"d\":[1,{\"exists\":false}],", ""))
                .replaceAll(",$", "");
        String inner = once(2) ? ",\"m\":{" + fields.get() + "}" : "";
        String own = once(4) ? ",\"l\":[0,1]" : "";
        return "{\"data\":{\"l\":{" + fields.get() + inner + "}" + own + "}}";
    }

    // Patterns.

    /** A pattern for {@code data}, of which the oracle takes all if nothing is to be wrong. */
    String pattern() {
        String pattern = "{\"data\":" + fields(0) + "}";
        return wrongOutOf > 0 || Ruler.takes(pattern) ? pattern : pattern();
    }

    private String fields(int depth) {
        List<String> fields = new ArrayList<>(some(once(wrongOutOf) ? 0 : 1, 3, () -> field(depth)));
        if (once(depth == 0 ? 3 : 8) && depth < 3) {
            int least = once(wrongOutOf) ? 0 : 2;
            fields.add(random.nextInt(fields.size() + 1), "\"$or\":" + array(some(least, 3, () -> fields(depth + 1))));
        }
        return fields.stream().collect(Collectors.joining(",", "{", "}"));
    }

    private String field(int depth) {
        String name = quoted(any(NAMES));
        if (once(wrongOutOf)) {
            return name + ":" + scalar();
        }
        return name + ":"
                + (depth < 3 && once(2)
                        ? fields(depth + 1)
                        : array(some(once(wrongOutOf) ? 0 : 1, 3, this::alternative)));
    }

    private String alternative() {
        if (once(wrongOutOf)) {
            return wrong();
        }
        return switch (random.nextInt(14)) {
            case 0, 1 -> match("exists", random.nextBoolean() ? "true" : "false");
            case 2 -> match("prefix", affix());
            case 3 -> match("suffix", affix());
            case 4 -> match("equals-ignore-case", quoted(any(STRINGS)));
            case 5 -> match("anything-but", anythingBut());
            case 6 -> match("numeric", numeric());
            case 7 -> match("wildcard", quoted(any(WILDCARDS)));
            case 8 -> match("cidr", quoted(any(BLOCKS)));
            default -> scalar();
        };
    }

    private static String match(String operator, String operand) {
        return "{" + quoted(operator) + ":" + operand + "}";
    }

    private String affix() {
        String text = quoted(any(STRINGS));
        return once(3) ? match("equals-ignore-case", text) : text;
    }

    private String anythingBut() {
        return switch (random.nextInt(6)) {
            case 0 -> quoted(any(STRINGS));
            case 1 -> any(NUMBERS);
            case 2 -> array(some(1, 3, () -> quoted(any(STRINGS))));
            case 3 -> array(some(1, 3, () -> any(NUMBERS)));
            default -> {
                String inner = any(List.of("prefix", "suffix", "equals-ignore-case", "wildcard"));
                Supplier<String> text = () ->
                        quoted(inner.equals("wildcard") ? any(WILDCARDS) : any(STRINGS.subList(1, STRINGS.size())));
                yield match(inner, once(2) ? text.get() : array(some(1, 3, text)));
            }
        };
    }

    private String numeric() {
        if (once(2)) {
            return "[" + quoted(any(List.of("=", "<", "<=", ">", ">="))) + "," + any(NUMBERS) + "]";
        }
        return "[" + quoted(any(List.of(">", ">="))) + ",-2.5," + quoted(any(List.of("<", "<="))) + ",5.0]";
    }

    private String wrong() {
        return any(List.of(
                "[1]",
                "{}",
                "{\"exists\":1}",
                "{\"exists\":\"true\"}",
                "{\"EXISTS\":true}",
                "{\"prefix\":5}",
                "{\"prefix\":[\"x\"]}",
                "{\"prefix\":{\"suffix\":\"x\"}}",
                "{\"suffix\":null}",
                "{\"equals-ignore-case\":[\"x\"]}",
                "{\"anything-but\":null}",
                "{\"anything-but\":[]}",
                "{\"anything-but\":[true]}",
                "{\"anything-but\":[\"x\",1]}",
                "{\"anything-but\":{\"prefix\":\"\"}}",
                "{\"anything-but\":{\"suffix\":[\"x\",\"\"]}}",
                "{\"anything-but\":{\"numeric\":[\"=\",1]}}",
                "{\"numeric\":5}",
                "{\"numeric\":[]}",
                "{\"numeric\":[\"=\"]}",
                "{\"numeric\":[\"=\",\"5\"]}",
                "{\"numeric\":[\"!=\",5]}",
                "{\"numeric\":[\"<\",5,\">\",1]}",
                "{\"numeric\":[\">\",5,\"<\",1]}",
                "{\"numeric\":[\"=\",5,\"<\",7]}",
                "{\"numeric\":[\">\",1,\"<\",7,\"<\",8]}",
                "{\"wildcard\":\"x**\"}",
                "{\"wildcard\":\"x\\\\y\"}",
                "{\"wildcard\":[\"x*\"]}",
                "{\"cidr\":\"10.0.0.0\"}",
                "{\"cidr\":\"10.0.0/8\"}",
                "{\"cidr\":\"10.0.0.0/33\"}",
                "{\"cidr\":\"2001:db8::/200\"}",
                "{\"unknown\":\"x\"}",
                "{\"prefix\":\"x\",\"suffix\":\"y\"}"));
    }
}
