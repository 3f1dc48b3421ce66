package io.shardmill.poller.event;

import io.shardmill.function.Record;
import java.util.List;
import java.util.Set;

/** What a kind of source shows of its records to patterns, as names at the top of an event (spec 2.2). */
public interface RecordFields {

    /** What patterns can ask of a payload, and what becomes of one that is not what they ask of. */
    enum PayloadRule {
        /** It is JSON with fields. One that is no JSON matches no condition on it. */
        JSON,
        /**
         * It is a JSON object or array, of which patterns name fields, or else a text, which they compare with values. A condition
         * on the one is ignored for the other, and all are for bytes that are neither (spec 2.2, Kafka).
         */
        JSON_OR_TEXT
    }

    /** The name of the payload. */
    String payload();

    /** The rule for the payload. */
    default PayloadRule payloadRule() {
        return PayloadRule.JSON;
    }

    /** Returns whether the record has a payload: one that is missing is no empty one. */
    default boolean hasPayload(Record record) {
        return true;
    }

    /** The names that patterns can have at their top; empty if any is accepted, whether records have it or not. */
    default Set<String> names() {
        return Set.of();
    }

    /**
     * The values of a field that is not the payload's: several if any of them is to match; none if records have no such.
     *
     * @param path names in each other, joined with dots
     */
    List<Scalar> metadata(String path, Record record);
}
