package io.shardmill.poller.internal.filter;

import io.shardmill.poller.internal.filter.Json.JsonArray;
import io.shardmill.poller.internal.filter.Json.Text;
import io.shardmill.poller.internal.filter.ValueTest.Range;
import io.shardmill.poller.internal.filter.ValueTest.Range.Bound;
import java.math.BigDecimal;
import java.util.List;

/** Reads {@code numeric}: {@code ["=", 5]}, {@code ["<", 5]}, {@code [">", 0, "<=", 5]}. */
final class Comparison {

    private Comparison() {}

    static Range parse(String where, Json operand) {
        if (!(operand instanceof JsonArray array)
                || (array.elements().size() != 2 && array.elements().size() != 4)) {
            throw wrong(where);
        }
        List<Json> parts = array.elements();
        Range first = bound(where, parts.get(0), parts.get(1));
        if (parts.size() == 2) {
            return first;
        }
        Range second = bound(where, parts.get(2), parts.get(3));
        Bound low = first.low();
        Bound high = second.high();
        if (low == null || first.high() != null || high == null || second.low() != null) {
            throw wrong(where);
        }
        if (low.number().compareTo(high.number()) >= 0) {
            throw InvalidPatternException.at(
                    where, "has numeric with bounds that leave nothing between them: the lower one comes first");
        }
        return new Range(low, high);
    }

    private static Range bound(String where, Json operator, Json operand) {
        if (!(operator instanceof Text text) || !(operand instanceof Json.Number number)) {
            throw wrong(where);
        }
        BigDecimal value = number.value();
        return switch (text.value()) {
            case "=" -> new Range(new Bound(value, true), new Bound(value, true));
            case "<" -> new Range(null, new Bound(value, false));
            case "<=" -> new Range(null, new Bound(value, true));
            case ">" -> new Range(new Bound(value, false), null);
            case ">=" -> new Range(new Bound(value, true), null);
            default -> throw wrong(where);
        };
    }

    private static InvalidPatternException wrong(String where) {
        return InvalidPatternException.at(
                where,
                "has numeric without an array such as [\"=\", 5], [\"<\", 5] or [\">\", 0, \"<=\", 5]"
                        + " (operators = < <= > >=, numbers without quotes)");
    }
}
