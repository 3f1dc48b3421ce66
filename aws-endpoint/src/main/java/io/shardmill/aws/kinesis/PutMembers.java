package io.shardmill.aws.kinesis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The members of PutRecord and PutRecords, read as they come: data are decoded once, into the array that is stored.
 * For one request.
 */
final class PutMembers {

    /** Those above are counted only. */
    static final int MAX_RECORDS = 500;

    private final PutMember record = new PutMember();
    private @Nullable String streamName;
    private @Nullable String streamArn;
    private @Nullable String sequenceNumberForOrdering;
    private @Nullable List<PutMember> records;
    private int recordCount;

    private PutMembers() {}

    static PutMembers read(Call call) {
        PutMembers members = new PutMembers();
        try (JsonParser parser = call.parser()) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw KinesisException.serialization("the body must be an object");
            }
            members.read(parser);
            if (parser.nextToken() != null) {
                throw KinesisException.serialization("there is something behind the body's object");
            }
        }
        return members;
    }

    private void read(JsonParser parser) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "StreamName" -> streamName = PutMember.text(name, value, parser);
                case "StreamARN" -> streamArn = PutMember.text(name, value, parser);
                case "SequenceNumberForOrdering" -> sequenceNumberForOrdering = PutMember.text(name, value, parser);
                case "Records" -> readRecords(value, parser);
                default -> record.take(name, value, parser);
            }
        }
    }

    private void readRecords(JsonToken value, JsonParser parser) {
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        if (value != JsonToken.START_ARRAY) {
            throw KinesisException.serialization("Records must be a List");
        }
        List<PutMember> list = new ArrayList<>();
        recordCount = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw KinesisException.serialization("Records must be a List of Structures");
            }
            recordCount++;
            if (recordCount > MAX_RECORDS) {
                parser.skipChildren();
            } else {
                list.add(PutMember.read(parser));
            }
        }
        records = list;
    }

    @Nullable
    String streamName() {
        return streamName;
    }

    @Nullable
    String streamArn() {
        return streamArn;
    }

    @Nullable
    String sequenceNumberForOrdering() {
        return sequenceNumberForOrdering;
    }

    /** Of a PutRecord. */
    PutMember record() {
        return record;
    }

    /** Of a PutRecords, the first 500. */
    @Nullable
    List<PutMember> records() {
        return records;
    }

    int recordCount() {
        return recordCount;
    }
}
