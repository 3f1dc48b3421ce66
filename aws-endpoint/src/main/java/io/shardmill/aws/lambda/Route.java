package io.shardmill.aws.lambda;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.http.RequestHead;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operation's place: its method and path without the date of its API, such as {@code GET functions/*}{@code /aliases/*},
 * where a star is one place.
 */
record Route(String method, List<String> pattern, int maxBodyBytes, Operation operation) {

    /** What is done there. */
    interface Operation {
        AwsResponse run(Call call) throws InterruptedException;
    }

    private static final String ANY = "*";

    static Route of(String place, int maxBodyBytes, Operation operation) {
        int blank = place.indexOf(' ');
        return new Route(
                place.substring(0, blank), List.of(place.substring(blank + 1).split("/")), maxBodyBytes, operation);
    }

    /** What stands at the pattern's stars; null if the request is for another operation. */
    @Nullable
    List<String> places(RequestHead head) {
        List<String> path = path(head);
        if (!method.equals(head.method()) || path.size() != pattern.size()) {
            return null;
        }
        List<String> places = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            if (pattern.get(i).equals(ANY)) {
                places.add(path.get(i));
            } else if (!pattern.get(i).equals(path.get(i))) {
                return null;
            }
        }
        return places;
    }

    /** Without the date, and without a slash at the end. */
    private static List<String> path(RequestHead head) {
        String[] parts = head.path().split("/", -1); // "", date, ...
        int end = parts[parts.length - 1].isEmpty() ? parts.length - 1 : parts.length;
        List<String> path = new ArrayList<>();
        for (int i = 2; i < end; i++) {
            path.add(decoded(parts[i]));
        }
        return path;
    }

    /** As paths are encoded: a plus is a plus. */
    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw LambdaRefusal.unreadable("The path's percent-encoding is malformed");
        }
    }
}
