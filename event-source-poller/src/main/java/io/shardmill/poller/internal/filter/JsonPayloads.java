package io.shardmill.poller.internal.filter;

import io.shardmill.function.Record;

/**
 * Payloads by the rule of Kinesis: one that is no JSON matches no condition on it, {@code exists: false} included.
 *
 * @param names what patterns name of it
 */
record JsonPayloads(PatternSet patterns, PayloadReader reader, NameTree names) implements PayloadViews {

    @Override
    public Views of(Record record) {
        Views views = reader.read(record.bytes(), names);
        if (views == null) {
            views = Views.ofObject(patterns);
            views.unknown(names);
        }
        return views;
    }
}
