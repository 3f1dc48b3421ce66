package io.shardmill.aws.kinesis;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The members of a request, or of a structure in it, by AWS's names; null ones are as good as missing. A member of
 * another type than asked for is a {@code SerializationException}.
 */
final class Members {

    private final Wire wire;
    private final Map<String, @Nullable Object> members;

    private Members(Wire wire, Map<String, @Nullable Object> members) {
        this.wire = wire;
        this.members = members;
    }

    /** @throws KinesisException if the body is no object */
    static Members read(Call call) {
        try (JsonParser parser = call.parser()) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw KinesisException.serialization("the body must be an object");
            }
            Map<String, @Nullable Object> members = object(parser);
            if (parser.nextToken() != null) {
                throw KinesisException.serialization("there is something behind the body's object");
            }
            return new Members(call.wire(), members);
        }
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            members.put(name, value(parser, parser.nextToken()));
        }
        return members;
    }

    private static List<@Nullable Object> list(JsonParser parser) {
        List<@Nullable Object> values = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            values.add(value(parser, token));
        }
        return values;
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> list(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw KinesisException.serialization("there is a value that JSON has no form for");
        };
    }

    boolean has(String member) {
        return members.get(member) != null;
    }

    @Nullable
    String text(String member) {
        return value(member, String.class, "a String");
    }

    @Nullable
    Boolean flag(String member) {
        return value(member, Boolean.class, "a Boolean");
    }

    @Nullable
    Integer number(String member) {
        Number number = value(member, Number.class, "an Integer");
        if (number == null || number instanceof Integer) {
            return (Integer) number;
        }
        boolean whole = number instanceof Long || number instanceof BigInteger;
        throw unreadable(member, whole ? "an Integer of 32 bits" : "an Integer");
    }

    @Nullable
    Instant time(String member) {
        Number number = value(member, Number.class, "a Timestamp");
        return number == null ? null : wire.time(number);
    }

    /** Empty if missing; ask {@link #has} where that makes a difference. */
    List<String> texts(String member) {
        List<?> values = value(member, List.class, "a List");
        List<String> texts = new ArrayList<>();
        for (Object each : values == null ? List.of() : values) {
            if (!(each instanceof String text)) {
                throw unreadable(member, "a List of Strings");
            }
            texts.add(text);
        }
        return texts;
    }

    /** Names and texts; empty if missing. */
    Map<String, String> textMap(String member) {
        Map<String, String> texts = new LinkedHashMap<>();
        Map<?, ?> values = value(member, Map.class, "a Map");
        for (Map.Entry<?, ?> entry : values == null ? Map.<Object, Object>of().entrySet() : values.entrySet()) {
            if (!(entry.getValue() instanceof String text)) {
                throw unreadable(member, "a Map of Strings");
            }
            texts.put(String.valueOf(entry.getKey()), text);
        }
        return texts;
    }

    /** The members of a structure; without any if it is missing. */
    Members of(String member) {
        @SuppressWarnings("unchecked") // made by object()
        Map<String, @Nullable Object> inner = value(member, Map.class, "a Structure");
        return new Members(wire, inner == null ? Map.of() : inner);
    }

    private <T> @Nullable T value(String member, Class<T> type, String name) {
        Object value = members.get(member);
        if (value != null && !type.isInstance(value)) {
            throw unreadable(member, name);
        }
        return type.cast(value);
    }

    private static KinesisException unreadable(String member, String type) {
        return KinesisException.serialization(member + " must be " + type);
    }
}
