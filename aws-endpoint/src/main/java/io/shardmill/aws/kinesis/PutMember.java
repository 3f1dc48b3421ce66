package io.shardmill.aws.kinesis;

import io.shardmill.function.PutEntry;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** One record as a request gives it. */
final class PutMember {

    private static final Pattern HASH_KEY = Pattern.compile("0|([1-9]\\d{0,38})");
    private static final int HASH_KEY_BITS = 128;
    private static final int MAX_KEY_CHARACTERS = 256;

    private @Nullable String partitionKey;
    private byte @Nullable [] data;
    private @Nullable String explicitHashKey;

    /** From behind a structure's start to its end. */
    static PutMember read(JsonParser parser) {
        PutMember member = new PutMember();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            member.take(name, parser.nextToken(), parser);
        }
        return member;
    }

    /** Takes what is a record's and leaves other members out. */
    void take(String name, JsonToken value, JsonParser parser) {
        switch (name) {
            case "PartitionKey" -> partitionKey = text(name, value, parser);
            case "ExplicitHashKey" -> explicitHashKey = text(name, value, parser);
            case "Data" -> data = bytes(name, value, parser);
            default -> parser.skipChildren();
        }
    }

    static @Nullable String text(String name, JsonToken value, JsonParser parser) {
        if (value == JsonToken.VALUE_NULL) {
            return null;
        }
        if (value != JsonToken.VALUE_STRING) {
            throw KinesisException.serialization(name + " must be a String");
        }
        return parser.getString();
    }

    private static byte @Nullable [] bytes(String name, JsonToken value, JsonParser parser) {
        if (value == JsonToken.VALUE_NULL) {
            return null;
        }
        if (value != JsonToken.VALUE_STRING && value != JsonToken.VALUE_EMBEDDED_OBJECT) {
            throw KinesisException.serialization(name + " must be a Blob");
        }
        return parser.getBinaryValue();
    }

    /** @param prefix of the members' names, such as {@code records.1.member.} */
    void constrain(String prefix, Constraints constraints) {
        constraints
                .required(prefix + "partitionKey", partitionKey)
                .length(prefix + "partitionKey", partitionKey, 1, MAX_KEY_CHARACTERS)
                .required(prefix + "data", data)
                .matches(prefix + "explicitHashKey", explicitHashKey, HASH_KEY);
    }

    /** @param maxBytes of data and partition key together */
    void constrainSize(String prefix, int maxBytes, Constraints constraints) {
        constraints.bytes(prefix + "data", bytes(), maxBytes);
    }

    /** The size of data and partition key together, once both are known to be there. */
    int bytes() {
        return Objects.requireNonNull(data).length
                + Objects.requireNonNull(partitionKey).getBytes(StandardCharsets.UTF_8).length;
    }

    /** Once the constraints are kept. */
    PutEntry entry() {
        return new PutEntry(Objects.requireNonNull(partitionKey), Objects.requireNonNull(data), hashKey());
    }

    private @Nullable BigInteger hashKey() {
        if (explicitHashKey == null) {
            return null;
        }
        BigInteger key = new BigInteger(explicitHashKey);
        if (key.bitLength() > HASH_KEY_BITS) {
            throw KinesisException.invalidArgument(
                    "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was "
                            + explicitHashKey);
        }
        return key;
    }
}
