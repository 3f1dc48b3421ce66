package io.shardmill.poller.internal.filter;

import io.shardmill.poller.event.Scalar;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One of the alternatives in the array of a pattern's field (spec 2.1). Immutable. */
interface ValueTest {

    boolean accepts(Scalar value);

    /** Code unit by code unit: nothing is folded, trimmed or normalized. */
    record EqualTo(String text) implements ValueTest {

        @Override
        public boolean accepts(Scalar value) {
            return value.isString() && value.text().equals(text);
        }
    }

    /** Numbers are compared as numbers: 300, 300.0 and 3e2 are the same (spec 13). */
    record SameNumber(BigDecimal number) implements ValueTest {

        @Override
        public boolean accepts(Scalar value) {
            return value.is(Scalar.Type.NUMBER) && value.number().compareTo(number) == 0;
        }
    }

    record Literal(Scalar.Type type) implements ValueTest {

        @Override
        public boolean accepts(Scalar value) {
            return value.is(type);
        }
    }

    /** {@code exists: true}; only values have fields' names, so an object or an empty array never gets here. */
    record Anything() implements ValueTest {

        @Override
        public boolean accepts(Scalar value) {
            return true;
        }
    }

    record Prefix(String start, boolean ignoreCase) implements ValueTest {

        @Override
        public boolean accepts(Scalar value) {
            return value.isString() && value.text().regionMatches(ignoreCase, 0, start, 0, start.length());
        }
    }

    record Suffix(String end, boolean ignoreCase) implements ValueTest {

        @Override
        public boolean accepts(Scalar value) {
            int from = value.text().length() - end.length();
            return value.isString() && value.text().regionMatches(ignoreCase, from, end, 0, end.length());
        }
    }

    record EqualIgnoringCase(String text) implements ValueTest {

        @Override
        public boolean accepts(Scalar value) {
            return value.isString() && value.text().equalsIgnoreCase(text);
        }
    }

    /** {@code anything-but}: any value, of whatever type, that none of these accepts. */
    record NoneOf(List<ValueTest> tests) implements ValueTest {

        @Override
        public boolean accepts(Scalar value) {
            for (ValueTest test : tests) {
                if (test.accepts(value)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * {@code numeric}; a number that stands in a string is none.
     *
     * @param low null for no lower bound
     * @param high null for no upper bound
     */
    record Range(@Nullable Bound low, @Nullable Bound high) implements ValueTest {

        record Bound(BigDecimal number, boolean inclusive) {}

        @Override
        public boolean accepts(Scalar value) {
            return value.is(Scalar.Type.NUMBER) && isAbove(value.number()) && isBelow(value.number());
        }

        private boolean isAbove(BigDecimal number) {
            return low == null || number.compareTo(low.number()) >= (low.inclusive() ? 0 : 1);
        }

        private boolean isBelow(BigDecimal number) {
            return high == null || number.compareTo(high.number()) <= (high.inclusive() ? 0 : -1);
        }
    }
}
