package io.shardmill.poller.filter;

import io.shardmill.function.Record;
import io.shardmill.poller.event.EventOrigin;
import io.shardmill.poller.event.EventTexts;
import org.jspecify.annotations.Nullable;

/**
 * A Kinesis record for patterns: the payload is {@code data}, and the other fields of its event stand beside it, those
 * inside {@code kinesis} too (spec 13). Made into text one by one, when a pattern asks.
 */
record KinesisFields(EventOrigin origin) implements RecordFields {

    @Override
    public String payload() {
        return "data";
    }

    @Override
    public @Nullable Scalar metadata(String name, Record record) {
        return switch (name) {
            case "partitionKey" -> Scalar.string(record.partitionKey());
            case "sequenceNumber" -> Scalar.string(EventTexts.number(record.sequenceNumber()));
            case "approximateArrivalTimestamp" ->
                Scalar.number(EventTexts.epochSeconds(record.approximateArrivalMillis()));
            case "kinesisSchemaVersion", "eventVersion" -> Scalar.string("1.0");
            case "eventID" -> Scalar.string(record.shardId() + ":" + EventTexts.number(record.sequenceNumber()));
            case "eventName" -> Scalar.string("aws:kinesis:record");
            case "eventSource" -> Scalar.string("aws:kinesis");
            case "eventSourceARN" -> Scalar.string(origin.streamArn());
            case "awsRegion" -> Scalar.string(origin.awsRegion());
            case "invokeIdentityArn" -> Scalar.string(origin.invokeIdentityArn());
            default -> null;
        };
    }
}
