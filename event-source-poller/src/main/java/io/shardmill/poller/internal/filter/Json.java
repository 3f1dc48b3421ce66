package io.shardmill.poller.internal.filter;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A pattern's JSON as it is written: names in order, also those that occur twice, of which Jackson's tree would keep one. Payloads
 * are never read into this.
 */
sealed interface Json {

    record Member(String name, Json value) {}

    record JsonObject(List<Member> members) implements Json {}

    record JsonArray(List<Json> elements) implements Json {}

    record Text(String value) implements Json {}

    record Number(BigDecimal value) implements Json {}

    record Bool(boolean value) implements Json {}

    record Null() implements Json {}

    /**
     * Reads a pattern.
     *
     * @throws InvalidPatternException if it is not one JSON value
     */
    static Json read(String text) {
        try (JsonParser parser = Reading.JSON.createParser(ObjectReadContext.empty(), text)) {
            Json json = Reading.value(parser, parser.nextToken());
            if (parser.nextToken() != null) {
                throw new InvalidPatternException("the pattern has text after its end");
            }
            return json;
        } catch (JacksonException broken) {
            throw new InvalidPatternException("the pattern is no JSON: " + broken.getOriginalMessage(), broken);
        }
    }

    /** Where the reading is out of sight. */
    final class Reading {

        private static final JsonFactory JSON = new JsonFactory();

        private Reading() {}

        private static Json value(JsonParser parser, JsonToken token) {
            if (token == null) {
                throw new InvalidPatternException("the pattern is empty");
            }
            return switch (token) {
                case START_OBJECT -> object(parser);
                case START_ARRAY -> array(parser);
                case VALUE_STRING -> new Text(parser.getString());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Number(parser.getDecimalValue());
                case VALUE_TRUE -> new Bool(true);
                case VALUE_FALSE -> new Bool(false);
                default -> new Null();
            };
        }

        private static Json object(JsonParser parser) {
            List<Member> members = new ArrayList<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                members.add(new Member(name, value(parser, parser.nextToken())));
            }
            return new JsonObject(members);
        }

        private static Json array(JsonParser parser) {
            List<Json> elements = new ArrayList<>();
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                elements.add(value(parser, token));
            }
            return new JsonArray(elements);
        }
    }
}
