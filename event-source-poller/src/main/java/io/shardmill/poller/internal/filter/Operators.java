package io.shardmill.poller.internal.filter;

import io.shardmill.poller.event.Scalar;
import io.shardmill.poller.internal.filter.Json.Bool;
import io.shardmill.poller.internal.filter.Json.JsonArray;
import io.shardmill.poller.internal.filter.Json.JsonObject;
import io.shardmill.poller.internal.filter.Json.Member;
import io.shardmill.poller.internal.filter.Json.Null;
import io.shardmill.poller.internal.filter.Json.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads the alternatives of a field: plain values and {@code {"operator": operand}} (spec 2.1). */
final class Operators {

    private static final Set<String> NAMES =
            Set.of("prefix", "suffix", "equals-ignore-case", "anything-but", "numeric", "exists", "wildcard", "cidr");
    private static final Set<String> COMPARISONS = Set.of("=", "<", "<=", ">", ">=");

    private Operators() {}

    /** Whether a name means something in an alternative, so that an object with it is no branch of {@code $or}. */
    static boolean isReserved(String name) {
        return NAMES.contains(name) || COMPARISONS.contains(name);
    }

    static Field field(String name, JsonArray alternatives) {
        if (alternatives.elements().isEmpty()) {
            throw InvalidPatternException.at(name, "is an empty array, which nothing can match");
        }
        List<ValueTest> tests = new ArrayList<>();
        boolean orAbsent = false;
        for (Json alternative : alternatives.elements()) {
            if (alternative instanceof JsonObject match && isAbsence(match)) {
                orAbsent = true;
            } else {
                tests.add(test(name, alternative));
            }
        }
        return new Field(name, List.copyOf(tests), orAbsent);
    }

    private static boolean isAbsence(JsonObject match) {
        return match.members().equals(List.of(new Member("exists", new Bool(false))));
    }

    private static ValueTest test(String where, Json alternative) {
        if (alternative instanceof Text text) {
            return new ValueTest.EqualTo(text.value());
        }
        if (alternative instanceof Json.Number number) {
            return new ValueTest.SameNumber(number.value());
        }
        if (alternative instanceof Bool bool) {
            return new ValueTest.Literal(bool.value() ? Scalar.Type.TRUE : Scalar.Type.FALSE);
        }
        if (alternative instanceof Null) {
            return new ValueTest.Literal(Scalar.Type.NULL);
        }
        if (alternative instanceof JsonObject match) {
            return operator(where, only(where, match));
        }
        throw InvalidPatternException.at(where, "has an array in its array");
    }

    private static Member only(String where, JsonObject match) {
        if (match.members().size() != 1) {
            throw InvalidPatternException.at(
                    where,
                    "has an alternative with " + match.members().size()
                            + " operators; each needs one, in an object of its own");
        }
        return match.members().get(0);
    }

    private static ValueTest operator(String where, Member match) {
        String name = match.name();
        Json operand = match.value();
        return switch (name) {
            case "prefix" ->
                operand instanceof JsonObject inner
                        ? new ValueTest.Prefix(ignoringCase(where, name, inner), true)
                        : new ValueTest.Prefix(text(where, name, operand), false);
            case "suffix" ->
                operand instanceof JsonObject inner
                        ? new ValueTest.Suffix(ignoringCase(where, name, inner), true)
                        : new ValueTest.Suffix(text(where, name, operand), false);
            case "equals-ignore-case" -> new ValueTest.EqualIgnoringCase(text(where, name, operand));
            case "wildcard" -> Wildcard.parse(where, text(where, name, operand));
            case "cidr" -> CidrBlock.parse(where, text(where, name, operand));
            case "exists" -> {
                if (!operand.equals(new Bool(true))) {
                    throw InvalidPatternException.at(where, "has exists with something other than true or false");
                }
                yield new ValueTest.Anything();
            }
            case "numeric" -> Comparison.parse(where, operand);
            case "anything-but" -> new ValueTest.NoneOf(AnythingBut.parse(where, operand));
            default -> throw unknown(where, name);
        };
    }

    private static InvalidPatternException unknown(String where, String name) {
        return InvalidPatternException.at(
                where,
                "has the unknown operator '" + name + "'; there are "
                        + String.join(", ", NAMES.stream().sorted().toList())
                        + (NAMES.contains(name.toLowerCase(Locale.ROOT)) ? ", in small letters" : ""));
    }

    static String text(String where, String operator, Json operand) {
        if (operand instanceof Text text) {
            return text.value();
        }
        throw InvalidPatternException.at(where, "has " + operator + " with something other than a string");
    }

    private static String ignoringCase(String where, String operator, JsonObject inner) {
        Member only = only(where, inner);
        if (!only.name().equals("equals-ignore-case")) {
            throw InvalidPatternException.at(
                    where, "has '" + only.name() + "' in " + operator + ", where only equals-ignore-case can stand");
        }
        return text(where, only.name(), only.value());
    }
}
