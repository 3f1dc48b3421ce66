package io.shardmill.poller.internal.filter;

import io.shardmill.poller.event.Scalar;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * Matches a payload while it is parsed: nothing is kept of it, and what no pattern names is skipped. Still parsed to its
 * end, since a payload that breaks off there is none.
 */
final class PayloadReader {

    private static final JsonFactory JSON = new JsonFactory();

    private final PatternSet patterns;

    PayloadReader(PatternSet patterns) {
        this.patterns = patterns;
    }

    /**
     * The views of what is below these names in the payload.
     *
     * @return null if it is no JSON
     * @throws UnfilterableRecordException if it is beyond the bounds of the parser or of {@link Views}
     */
    @Nullable
    Views read(byte[] payload, NameTree names) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), payload)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return null;
            }
            Views views = Views.ofObject(patterns);
            value(parser, first, names, views);
            return parser.nextToken() == null ? views : null;
        } catch (StreamConstraintsException beyond) {
            throw new UnfilterableRecordException(beyond.getOriginalMessage());
        } catch (JacksonException noJson) {
            return null;
        }
    }

    private void value(JsonParser parser, JsonToken token, NameTree names, Views views) {
        switch (token) {
            case START_OBJECT -> object(parser, names, views);
            case START_ARRAY -> array(parser, names, views);
            default -> {
                if (names.fields().length > 0) {
                    views.value(names.fields(), scalar(parser, token));
                }
            }
        }
    }

    private void object(JsonParser parser, NameTree names, Views views) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            NameTree below = names.below(parser.currentName());
            JsonToken token = parser.nextToken();
            if (below == null) {
                parser.skipChildren();
            } else {
                value(parser, token, below, views);
            }
        }
    }

    /** Only what has fields of its own is seen apart: plain values belong to whatever has the array. */
    private void array(JsonParser parser, NameTree names, Views views) {
        Views elements = Views.ofArray(patterns);
        BitSet present = new BitSet();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token.isScalarValue()) {
                value(parser, token, names, views);
            } else {
                Views element = Views.ofObject(patterns);
                value(parser, token, names, element);
                element.collectPresent(present);
                elements.addElement(element);
            }
        }
        views.withArray(elements, present);
    }

    private static Scalar scalar(JsonParser parser, JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> Scalar.string(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Scalar.number(parser.getString());
            case VALUE_TRUE -> Scalar.of(Scalar.Type.TRUE);
            case VALUE_FALSE -> Scalar.of(Scalar.Type.FALSE);
            default -> Scalar.of(Scalar.Type.NULL);
        };
    }
}
