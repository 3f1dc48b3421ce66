package io.shardmill.aws.lambda;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A request's JSON. Where the operation takes code, that goes into a file while it is decoded, which is deleted when this
 * is closed; the members are without it.
 */
final class RequestBody implements AutoCloseable {

    private final Map<String, @Nullable Object> members;
    private @Nullable Path zip;

    /**
     * Of an operation that takes no code.
     *
     * @throws LambdaRefusal if it is no JSON object
     */
    RequestBody(byte[] body) {
        this(body, List.of());
    }

    /**
     * @param code the names of the members, from the outermost one on, that lead to the code
     * @throws LambdaRefusal if it is no JSON object, or the code no base64
     */
    RequestBody(byte[] body, List<String> code) {
        this.members = body.length == 0 ? Map.of() : parse(body, code);
    }

    private Map<String, @Nullable Object> parse(byte[] body, List<String> code) {
        try (JsonParser json = RequestJson.members(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw LambdaRefusal.unreadable("The request's body must be a JSON object");
            }
            Map<String, @Nullable Object> read = object(json, code);
            if (json.nextToken() != null) {
                throw LambdaRefusal.unreadable("The request's body must be one JSON object and nothing else");
            }
            return read;
        } catch (JacksonException unreadable) {
            close();
            throw LambdaRefusal.unreadable("The request's body can't be read: " + unreadable.getOriginalMessage());
        } catch (LambdaRefusal refused) {
            close();
            throw refused;
        } catch (IOException unwritable) {
            close();
            throw new UncheckedIOException(unwritable);
        }
    }

    private Map<String, @Nullable Object> object(JsonParser json, List<String> code) throws IOException {
        Map<String, @Nullable Object> read = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            List<String> within = !code.isEmpty() && code.get(0).equals(name) ? code : List.of();
            if (json.nextToken() == JsonToken.VALUE_STRING && within.size() == 1) {
                decode(json);
            } else {
                read.put(name, value(json, within.isEmpty() ? within : within.subList(1, within.size())));
            }
        }
        return read;
    }

    private @Nullable Object value(JsonParser json, List<String> code) throws IOException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return object(json, code);
        } else if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> values = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                values.add(value(json, List.of()));
            }
            return values;
        } else if (token == JsonToken.VALUE_STRING) {
            return json.getString();
        } else if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            return token == JsonToken.VALUE_TRUE;
        }
        return token == JsonToken.VALUE_NULL ? null : json.getNumberValue();
    }

    private void decode(JsonParser json) throws IOException {
        if (zip == null) {
            zip = Files.createTempFile("shardmill-upload", ".zip");
        }
        try (OutputStream out = Files.newOutputStream(zip)) {
            json.readBinaryValue(out);
        }
    }

    Map<String, @Nullable Object> values() {
        return members;
    }

    Members members() {
        return new Members(members);
    }

    /** Null if the request has none. */
    @Nullable
    Path zip() {
        return zip;
    }

    @Override
    public void close() {
        try {
            if (zip != null) {
                Files.deleteIfExists(zip);
            }
        } catch (IOException undeletable) {
            throw new UncheckedIOException(undeletable);
        }
    }
}
