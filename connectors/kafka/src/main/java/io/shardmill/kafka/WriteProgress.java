package io.shardmill.kafka;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.event.DiscardedBatch;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What of a batch its writes have come to an end with, acknowledged or refused. Used by one write after another. */
final class WriteProgress {

    private final Set<SequenceNumber> done = new HashSet<>();
    private final TopicRefusals refusals = new TopicRefusals();

    /** Returns those that are neither acknowledged nor refused. */
    List<DiscardedBatch> left(List<DiscardedBatch> records) {
        return records.stream()
                .filter(record -> record.records().isEmpty()
                        || !done.contains(record.first().sequenceNumber()))
                .toList();
    }

    boolean isBegun() {
        return !done.isEmpty();
    }

    TopicRefusals refusals() {
        return refusals;
    }

    void acknowledged(DiscardedBatch record) {
        if (!record.records().isEmpty()) {
            done.add(record.first().sequenceNumber());
        }
    }

    void refused(DiscardedBatch record, Throwable failure, String reason) {
        refusals.add(record, failure, reason);
        acknowledged(record);
    }
}
