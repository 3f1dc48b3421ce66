package io.shardmill.poller.internal.filter;

import io.shardmill.poller.event.Scalar;
import java.util.List;

/**
 * What a pattern asks of one field: one of the tests accepts one of its values, or the field is absent.
 *
 * @param name the names of the objects around it and its own, joined with dots
 * @param orAbsent whether {@code exists: false} is among the alternatives
 */
record Field(String name, List<ValueTest> tests, boolean orAbsent) {

    boolean accepts(Scalar value) {
        for (ValueTest test : tests) {
            if (test.accepts(value)) {
                return true;
            }
        }
        return false;
    }
}
