package io.shardmill.embedded.model;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
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
     * @param resource that has them, such as {@code stream orders under account 000000000000}
     * @throws StreamRequestException if one of them breaks a rule, or they are too many
     */
    public static SortedMap<String, String> checked(String resource, Map<String, String> tags) {
        tags.forEach(Tags::check);
        if (tags.size() > MAX) {
            throw StreamRequestException.invalid("Failed to add tags to " + resource
                    + " because a given stream cannot have more than " + MAX + " tags associated with it.");
        }
        return copyOf(tags);
    }

    /**
     * Checks the characters of keys or values.
     *
     * @throws StreamRequestException if a tag can't have one of these texts
     */
    public static void checkCharacters(Collection<String> texts) {
        if (!texts.stream().allMatch(text -> ALLOWED.matcher(text).matches())) {
            throw StreamRequestException.invalid("Some tags contain invalid characters. Valid characters: Unicode"
                    + " letters, digits, white space, _ . / = + - % @.");
        }
    }

    private static void check(String key, String value) {
        if (key.isEmpty() || key.length() > MAX_KEY || value.length() > MAX_VALUE) {
            throw StreamRequestException.invalid("the tag '" + key + "' breaks a rule: a key has 1 to " + MAX_KEY
                    + " characters and a value has up to " + MAX_VALUE);
        }
        checkCharacters(List.of(key, value));
    }
}
