package io.shardmill.lambda;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** How a report names the records of a batch: that depends on their source. */
interface ItemIdentifiers {

    /** A record's sequence number as a string (spec 5.2). */
    ItemIdentifiers OF_KINESIS = identifier -> {
        if (!identifier.isString()) {
            throw new IllegalArgumentException("is not a string; set it to a record's kinesis.sequenceNumber");
        }
        try {
            return SequenceNumber.parse(identifier.stringValue());
        } catch (IllegalArgumentException noNumber) {
            throw new IllegalArgumentException(
                    "is not a sequence number; set it to a record's kinesis.sequenceNumber", noNumber);
        }
    };

    /**
     * Returns the number of the record that is named, which need not be in the batch.
     *
     * @param identifier of any type, perhaps missing
     * @throws IllegalArgumentException that says what is wrong, quoting nothing of it, if it can't name one of the batch
     */
    SequenceNumber number(JsonNode identifier);

    /** Returns those of a batch; one without records has none to name. */
    static ItemIdentifiers of(List<Record> batch) {
        return batch.isEmpty() || batch.get(0).kafka() == null
                ? OF_KINESIS
                : ofKafka(batch.get(0).shardId());
    }

    /** A partition and an offset (spec 5.5). A batch is of one partition, as its event names it. */
    private static ItemIdentifiers ofKafka(String partition) {
        return identifier -> {
            JsonNode offset = identifier.path("offset");
            if (!identifier.path("partition").isString() || !offset.isIntegralNumber()) {
                throw new IllegalArgumentException(
                        "is not a partition and an offset; set it to {\"partition\": \"<topic>-<partition>\", \"offset\": <number>}"
                                + " of a record");
            }
            if (!identifier.path("partition").stringValue().equals(partition)) {
                throw new IllegalArgumentException(
                        "has a partition that is not in the event; set it to a key of records");
            }
            if (!offset.canConvertToLong() || offset.longValue() < 0) {
                throw new IllegalArgumentException(
                        "has an offset that no record can have; set it to a record's offset");
            }
            return SequenceNumber.of(offset.longValue());
        };
    }
}
