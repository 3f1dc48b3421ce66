package io.shardmill.poller.internal.filter;

import io.shardmill.poller.internal.filter.Json.JsonArray;
import io.shardmill.poller.internal.filter.Json.JsonObject;
import io.shardmill.poller.internal.filter.Json.Member;
import io.shardmill.poller.internal.filter.Json.Text;
import java.util.List;

/** Reads what {@code anything-but} excludes: strings, or numbers, or the strings of one inner operator. */
final class AnythingBut {

    private AnythingBut() {}

    static List<ValueTest> parse(String where, Json operand) {
        if (operand instanceof JsonObject inner) {
            if (inner.members().size() != 1) {
                throw InvalidPatternException.at(where, "has anything-but with other than one inner operator");
            }
            Member only = inner.members().get(0);
            return several(where, only.value()).stream()
                    .map(value -> inner(where, only.name(), Operators.text(where, only.name(), value)))
                    .toList();
        }
        List<Json> values = several(where, operand);
        if (values.stream().allMatch(Text.class::isInstance)) {
            return values.stream()
                    .<ValueTest>map(value -> new ValueTest.EqualTo(((Text) value).value()))
                    .toList();
        }
        if (values.stream().allMatch(Json.Number.class::isInstance)) {
            return values.stream()
                    .<ValueTest>map(value -> new ValueTest.SameNumber(((Json.Number) value).value()))
                    .toList();
        }
        throw InvalidPatternException.at(
                where, "has anything-but with values that are neither all strings nor all numbers");
    }

    private static List<Json> several(String where, Json operand) {
        if (!(operand instanceof JsonArray array)) {
            return List.of(operand);
        }
        if (array.elements().isEmpty()) {
            throw InvalidPatternException.at(where, "has anything-but with an empty array");
        }
        return array.elements();
    }

    private static ValueTest inner(String where, String operator, String text) {
        if (text.isEmpty() && (operator.equals("prefix") || operator.equals("suffix"))) {
            throw InvalidPatternException.at(
                    where, "has anything-but with an empty " + operator + ", which every string has");
        }
        return switch (operator) {
            case "prefix" -> new ValueTest.Prefix(text, false);
            case "suffix" -> new ValueTest.Suffix(text, false);
            case "equals-ignore-case" -> new ValueTest.EqualIgnoringCase(text);
            case "wildcard" -> Wildcard.parse(where, text);
            default ->
                throw InvalidPatternException.at(
                        where,
                        "has '" + operator + "' in anything-but, where only prefix, suffix, equals-ignore-case and"
                                + " wildcard can stand");
        };
    }
}
