package io.shardmill.embedded.model;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Checks the tags of streams and consumers by Kinesis's rules. */
public final class Tags {

    public static final int MAX = 50;

    private static final int MAX_KEY = 128;
    private static final int MAX_VALUE = 256;
    private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{N}\\p{Z}_.:/=+\\-%@]*");

    private Tags() {}

    public static SortedMap<String, String> copyOf(Map<String, String> tags) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }

    /**
     * Checks tags that are added.
     *
     * @throws StreamRequestException if one of them breaks a rule, or they are too many
     */
    public static SortedMap<String, String> checked(Map<String, String> tags) {
        tags.forEach(Tags::check);
        if (tags.size() > MAX) {
            throw StreamRequestException.invalid(
                    "there would be " + tags.size() + " tags, but a stream or consumer can have " + MAX);
        }
        return copyOf(tags);
    }

    private static void check(String key, String value) {
        if (key.isEmpty() || key.length() > MAX_KEY || value.length() > MAX_VALUE) {
            throw StreamRequestException.invalid("the tag '" + key + "' breaks a rule: a key has 1 to " + MAX_KEY
                    + " characters and a value has up to " + MAX_VALUE);
        }
        if (!ALLOWED.matcher(key).matches() || !ALLOWED.matcher(value).matches()) {
            throw StreamRequestException.invalid("Some tags contain invalid characters. Valid characters: Unicode"
                    + " letters, digits, white space, _ . / = + - % @.");
        }
    }
}
