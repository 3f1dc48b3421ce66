package io.shardmill.aws.http;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Heads of requests as a servlet container has them. */
final class RequestHeads {

    private RequestHeads() {}

    /** @throws IllegalArgumentException if the query is not what percent-encoding makes */
    static RequestHead of(HttpServletRequest request) {
        return withQuery(query(request.getQueryString()), request);
    }

    static RequestHead withoutQuery(HttpServletRequest request) {
        return withQuery(Map.of(), request);
    }

    private static RequestHead withQuery(Map<String, List<String>> query, HttpServletRequest request) {
        Map<String, List<String>> headers = new TreeMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name)));
        }
        headers.computeIfAbsent("host", absent -> List.of(authority(request)));
        return new RequestHead(request.getMethod(), path(request), request.getRequestURI(), query, headers);
    }

    /** An application's own path is its root, with a slash at the end or without. */
    private static String path(HttpServletRequest request) {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        return path.isEmpty() ? "/" : path;
    }

    /** HTTP/2 has no {@code Host}, but names the same. */
    private static String authority(HttpServletRequest request) {
        int port = request.getServerPort();
        boolean usual = port == (request.isSecure() ? 443 : 80);
        return request.getServerName() + (usual ? "" : ":" + port);
    }

    private static Map<String, List<String>> query(@Nullable String text) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : text == null || text.isEmpty() ? new String[0] : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            query.computeIfAbsent(name, first -> new ArrayList<>())
                    .add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
