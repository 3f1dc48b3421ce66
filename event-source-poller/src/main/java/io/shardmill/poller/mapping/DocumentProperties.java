package io.shardmill.poller.mapping;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The properties of a JSON object, as texts, or lists or maps of texts; those that are null are left out. */
final class DocumentProperties {

    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, String> texts;
    private final Map<String, List<String>> lists;
    private final Map<String, SortedMap<String, String>> maps;

    private DocumentProperties(
            Map<String, String> texts, Map<String, List<String>> lists, Map<String, SortedMap<String, String>> maps) {
        this.texts = texts;
        this.lists = lists;
        this.maps = maps;
    }

    static DocumentProperties of(String document) {
        Map<String, String> texts = new HashMap<>();
        Map<String, List<String>> lists = new HashMap<>();
        Map<String, SortedMap<String, String>> maps = new HashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), document)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("the document is no JSON object");
            }
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                JsonToken value = json.nextToken();
                if (value == JsonToken.START_ARRAY) {
                    lists.put(name, textsOf(json));
                } else if (value == JsonToken.START_OBJECT) {
                    maps.put(name, textMapOf(json));
                } else if (value != JsonToken.VALUE_NULL) {
                    texts.put(name, json.getString());
                }
            }
        } catch (JacksonException unreadable) {
            throw new IllegalArgumentException(
                    "the document is no JSON: " + unreadable.getOriginalMessage(), unreadable);
        }
        return new DocumentProperties(texts, lists, maps);
    }

    /** Of the array that has begun; what is no text in it is left out. */
    private static List<String> textsOf(JsonParser json) {
        List<String> texts = new ArrayList<>();
        for (JsonToken value = json.nextToken(); value != JsonToken.END_ARRAY; value = json.nextToken()) {
            if (value == JsonToken.VALUE_STRING) {
                texts.add(json.getString());
            } else {
                json.skipChildren();
            }
        }
        return texts;
    }

    /** Of the object that has begun; what is no text in it is left out. */
    private static SortedMap<String, String> textMapOf(JsonParser json) {
        SortedMap<String, String> texts = new TreeMap<>();
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            if (json.nextToken() == JsonToken.VALUE_STRING) {
                texts.put(key, json.getString());
            } else {
                json.skipChildren();
            }
        }
        return texts;
    }

    SortedMap<String, String> textMap(String name) {
        return maps.getOrDefault(name, new TreeMap<>());
    }

    List<String> texts(String name) {
        return lists.getOrDefault(name, List.of());
    }

    boolean has(String name) {
        return texts.containsKey(name);
    }

    String text(String name) {
        String text = texts.get(name);
        if (text == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return text;
    }

    String text(String name, String missing) {
        return texts.getOrDefault(name, missing);
    }

    int number(String name, int missing) {
        return has(name) ? read(name, "a whole number", Integer::parseInt) : missing;
    }

    boolean flag(String name) {
        return has(name) && text(name).equals("true");
    }

    Duration duration(String name, Duration missing) {
        return has(name) ? read(name, "a duration such as PT5S", Duration::parse) : missing;
    }

    Instant time(String name) {
        return read(name, "a time such as 2026-11-23T10:15:30Z", Instant::parse);
    }

    private <T> T read(String name, String form, Function<String, T> parse) {
        try {
            return parse.apply(text(name));
        } catch (NumberFormatException | DateTimeParseException unreadable) {
            throw new IllegalArgumentException(name + ": '" + text(name) + "' is not " + form, unreadable);
        }
    }
}
