package io.shardmill.lambda.process;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 request of a runtime. Its head is read and bounded; its body is read when it is asked for. Header
 * bytes above 0x7F are taken as they are: AWS's Java client puts raw UTF-8 into its XRay header, up to 1 MiB of it.
 */
final class HttpRequest {

    static final int MAX_HEAD_BYTES = 1_300_000;
    private static final int MAX_HEADERS = 1_000;

    private final String method;
    private final String path;
    private final boolean http10;
    private final Map<String, String> headers;
    private final HttpBody body;
    private final LoopbackConnection connection;

    private HttpRequest(String requestLine, Map<String, String> headers, LoopbackConnection connection)
            throws IOException {
        String[] parts = requestLine.split(" ", -1);
        if (parts.length != 3 || !parts[2].startsWith("HTTP/1.")) {
            throw new MalformedRequestException("not an HTTP/1.1 request line");
        }
        this.method = parts[0];
        this.path = parts[1];
        this.http10 = parts[2].equals("HTTP/1.0");
        this.headers = headers;
        this.body = new HttpBody(this, connection.in(), connection.out());
        this.connection = connection;
    }

    /** Returns the next request of a connection; null at its end. */
    static @Nullable HttpRequest read(LoopbackConnection connection) throws IOException {
        InputStream in = connection.in();
        int[] left = {MAX_HEAD_BYTES};
        String requestLine = readLine(in, left);
        while (requestLine != null && requestLine.isEmpty()) { // tolerated between requests (RFC 9112, 2.2)
            requestLine = readLine(in, left);
        }
        if (requestLine == null) {
            return null;
        }
        return new HttpRequest(requestLine, readHeaders(in, left), connection);
    }

    /** Reads up to the empty line. Names are in lower case; repeated values are joined by a comma (RFC 9110, 5.3). */
    static Map<String, String> readHeaders(InputStream in, int[] left) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (int count = 0; count <= MAX_HEADERS; count++) {
            String line = readLine(in, left);
            if (line == null) {
                throw new EOFException("the connection ended within a head");
            }
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon <= 0 || line.charAt(0) <= ' ' || line.charAt(colon - 1) <= ' ') {
                throw new MalformedRequestException("a header without a name, or with a blank beside it");
            }
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (first, second) -> first + ", " + second);
        }
        throw new MalformedRequestException("more than " + MAX_HEADERS + " headers");
    }

    /** Reads a line without its line end; null if the stream has ended. */
    static @Nullable String readLine(InputStream in, int[] left) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (--left[0] < 0) {
                throw new MalformedRequestException("a head of more than " + MAX_HEAD_BYTES + " bytes");
            }
            if (next == '\n') {
                int end = line.length();
                return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
            }
            line.append((char) next);
        }
        return null;
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    /** Returns a header by its name in lower case, read as UTF-8. */
    @Nullable
    String header(String name) {
        String value = headers.get(name);
        return value == null ? null : new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Returns whether it is for this very address, and so not for a name that was bound to it later. */
    boolean isFor(String address) {
        return address.equals(headers.get("host"));
    }

    /** Returns whether it has a header that browsers add to the requests of pages, and runtimes never. */
    boolean isFromBrowser() {
        return headers.containsKey("origin")
                || headers.keySet().stream().anyMatch(name -> name.startsWith("sec-fetch-"));
    }

    /** Returns whether the client has hung up; to be called while the request waits for its answer. */
    boolean isAbandoned() {
        return connection.isClosedByClient();
    }

    HttpBody body() {
        return body;
    }

    /** Returns whether the client wants the connection closed after the answer. */
    boolean isLast() {
        String connection =
                headers.getOrDefault("connection", http10 ? "close" : "").toLowerCase(Locale.ROOT);
        return connection.contains("close");
    }
}
