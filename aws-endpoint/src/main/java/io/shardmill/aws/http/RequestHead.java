package io.shardmill.aws.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request without its body.
 *
 * @param path below the application's context path, as it was sent: percent-encoded, without the query
 * @param wholePath the same with the context path
 * @param query names and values, decoded, in their order
 * @param headers by their names in lower case
 */
public record RequestHead(
        String method,
        String path,
        String wholePath,
        Map<String, List<String>> query,
        Map<String, List<String>> headers) {

    /** Returns whether a header of that name, in any case, was sent more than once. */
    boolean repeats(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).size() > 1;
    }

    /** The first header of that name, in any case; null if there is none. */
    public @Nullable String header(String name) {
        return first(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The first parameter of that name; null if there is none. */
    public @Nullable String parameter(String name) {
        return first(query.get(name));
    }

    private static @Nullable String first(@Nullable List<String> values) {
        return values == null || values.isEmpty() ? null : values.get(0);
    }
}
