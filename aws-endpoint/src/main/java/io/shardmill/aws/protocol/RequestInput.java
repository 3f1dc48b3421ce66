package io.shardmill.aws.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** A request's body while it is read. */
record RequestInput(Wire wire, byte[] body, JsonParser parser) {

    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    JsonToken token() {
        return parser.currentToken();
    }

    /** Decodes the data at the current token. */
    byte[] bytes() {
        boolean encoded = token() == JsonToken.VALUE_STRING;
        byte[] bytes = parser.getBinaryValue();
        if (encoded) {
            requireCanonical(bytes.length);
        }
        return bytes;
    }

    /** Refuses bits that base64 leaves over and that aren't zero, as AWS does: the parser ignores them. */
    private void requireCanonical(int length) {
        int padding = (3 - length % 3) % 3;
        int end = (int) parser.currentLocation().getByteOffset() - 1 - padding; // before the closing quote
        if (padding == 0 || end < 1 || body[end] != '=') {
            return; // nothing is left over, or the padding is written as escapes
        }
        if (BASE64.indexOf(body[end - 1]) % (1 << (2 * padding)) != 0) {
            throw AwsException.serialization("A Blob's last Base64 character has bits that are not zero");
        }
    }

    /** Reads what is at the current token: texts, numbers, booleans, lists, and maps without what is null. */
    Object tree() {
        JsonToken token = token();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> members = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (parser.nextToken() != JsonToken.VALUE_NULL) {
                    members.put(name, tree());
                }
            }
            return members;
        } else if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> values = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                values.add(token() == JsonToken.VALUE_NULL ? null : tree());
            }
            return values;
        } else if (token.isBoolean()) {
            return token == JsonToken.VALUE_TRUE;
        }
        return token.isNumeric() ? parser.getNumberValue() : parser.getString();
    }
}
