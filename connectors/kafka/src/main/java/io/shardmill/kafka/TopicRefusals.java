package io.shardmill.kafka;

import io.shardmill.poller.event.DiscardedBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The records of a batch that a topic never takes, and why. */
final class TopicRefusals {

    private static final int MAX_NAMED = 20;

    private record Reason(String text, Throwable first, List<DiscardedBatch> records) {

        @Override
        public String toString() {
            return names() + ": " + text;
        }

        private String names() {
            if (records.get(0).records().isEmpty()) {
                return records.get(0).describe();
            }
            String offsets = records.stream()
                    .limit(MAX_NAMED)
                    .map(record -> record.first().sequenceNumber().toString())
                    .collect(Collectors.joining(", "));
            int others = records.size() - MAX_NAMED;
            return (records.size() == 1 ? "offset " : "offsets ")
                    + offsets
                    + (others > 0 ? " and " + others + " more" : "");
        }
    }

    /** By the kind of the failure: the broker's words can differ from record to record. */
    private final Map<Class<?>, Reason> reasons = new LinkedHashMap<>();

    void add(DiscardedBatch record, Throwable failure, String text) {
        reasons.computeIfAbsent(failure.getClass(), kind -> new Reason(text, failure, new ArrayList<>()))
                .records()
                .add(record);
    }

    /** @param all how many records were to be written */
    void throwIfAny(String topic, int all) throws TopicRefusalException {
        if (reasons.isEmpty()) {
            return;
        }
        int refused = reasons.values().stream()
                .mapToInt(reason -> reason.records().size())
                .sum();
        String message =
                KafkaDestinations.SCHEME + topic + ": " + refused + " of " + all + " records can't be written: "
                        + reasons.values().stream().map(Reason::toString).collect(Collectors.joining("; "))
                        + (refused < all ? "; the others were written" : "");
        throw new TopicRefusalException(
                message, reasons.values().iterator().next().first());
    }
}
