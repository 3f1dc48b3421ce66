package io.shardmill.poller.event;

import io.shardmill.function.Record;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Kinesis record for patterns: the payload is {@code data}, and the other fields of its event stand beside it, those
 * inside {@code kinesis} too (spec 13). Made into text one by one, when a pattern asks.
 */
record KinesisFields(KinesisFormat format) implements RecordFields {

    @Override
    public String payload() {
        return KinesisFormat.FILTERED_PAYLOAD;
    }

    @Override
    public List<Scalar> metadata(String path, Record record) {
        Scalar value = value(path, record);
        return value == null ? List.of() : List.of(value);
    }

    private @Nullable Scalar value(String name, Record record) {
        return switch (name) {
            case "partitionKey" -> Scalar.string(record.partitionKey());
            case "sequenceNumber" -> Scalar.string(EventTexts.number(record.sequenceNumber()));
            case "approximateArrivalTimestamp" ->
                Scalar.number(EventTexts.epochSeconds(record.approximateArrivalMillis()));
            case "kinesisSchemaVersion", "eventVersion" -> Scalar.string("1.0");
            case "eventID" -> Scalar.string(record.shardId() + ":" + EventTexts.number(record.sequenceNumber()));
            case "eventName" -> Scalar.string("aws:kinesis:record");
            case "eventSource" -> Scalar.string("aws:kinesis");
            case "eventSourceARN" -> Scalar.string(format.sourceArn());
            case "awsRegion" -> Scalar.string(format.awsRegion());
            case "invokeIdentityArn" -> Scalar.string(format.invokeIdentityArn());
            default -> null;
        };
    }
}
