package io.shardmill.lambda.process;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The body of a request: of a known length, or in chunks with trailers. Kept up to a limit, discarded beyond it. */
final class HttpBody {

    /** Limits a body that is dropped. A runtime learns that its body is too large only when it has sent it. */
    private static final long MAX_DISCARDED = 64L << 20;

    private static final int MAX_LINE = 8_192;
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
    private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9a-fA-F]{1,15})\\s*(;.*)?");

    private final InputStream in;
    private final @Nullable OutputStream continueOn;
    private final boolean chunked;
    private long left;
    private boolean ended;
    private Map<String, String> trailers = Map.of();

    HttpBody(HttpRequest request, InputStream in, OutputStream out) throws IOException {
        this.in = in;
        this.continueOn = "100-continue".equalsIgnoreCase(request.header("expect")) ? out : null;
        String encoding = request.header("transfer-encoding");
        String length = request.header("content-length");
        if (encoding != null && (length != null || !encoding.equalsIgnoreCase("chunked"))) {
            throw new MalformedRequestException("a transfer-encoding other than chunked, or with a content-length");
        }
        this.chunked = encoding != null;
        this.left = chunked ? 0 : length(length);
        this.ended = !chunked && left == 0;
    }

    private static long length(@Nullable String contentLength) throws IOException {
        if (contentLength == null) {
            return 0;
        }
        if (!LENGTH.matcher(contentLength).matches()) {
            throw new MalformedRequestException("content-length is not a number");
        }
        return Long.parseLong(contentLength);
    }

    /**
     * @param limit how many bytes to keep
     * @return null if there were more
     * @throws EOFException if it ended before its end, or its chunks are broken
     */
    byte @Nullable [] read(int limit) throws IOException {
        if (continueOn != null && !ended) {
            continueOn.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            continueOn.flush();
        }
        ByteArrayOutputStream kept = new ByteArrayOutputStream((int) Math.min(limit, left));
        byte[] buffer = new byte[8_192];
        long total = 0;
        for (int read = readSome(buffer); read >= 0; read = readSome(buffer)) {
            total += read;
            if (total <= limit) {
                kept.write(buffer, 0, read);
            } else if (total - limit > MAX_DISCARDED) {
                throw new MalformedRequestException("a body of more than " + total + " bytes");
            }
        }
        return total <= limit ? kept.toByteArray() : null;
    }

    /** Returns the trailers by name in lower case, once the body has been read. */
    Map<String, String> trailers() {
        return trailers;
    }

    /** Returns whether the next request can be read from the connection. */
    boolean isAtEnd() {
        return ended;
    }

    /** Skips the rest, so that the next request of the connection can be read. */
    void discard() throws IOException {
        if (!ended) {
            read(0);
        }
    }

    private int readSome(byte[] buffer) throws IOException {
        if (chunked && left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
            throw new EOFException("the connection ended within a body");
        }
        left -= read;
        if (left == 0 && chunked) {
            expectEmptyLine();
        }
        ended = left == 0 && !chunked;
        return read;
    }

    private void nextChunk() throws IOException {
        String line = HttpRequest.readLine(in, new int[] {MAX_LINE});
        Matcher size = CHUNK_SIZE.matcher(line == null ? "" : line);
        if (!size.matches()) {
            throw new EOFException("a broken chunk");
        }
        left = Long.parseLong(size.group(1), 16);
        if (left == 0) {
            trailers = HttpRequest.readHeaders(in, new int[] {HttpRequest.MAX_HEAD_BYTES});
            ended = true;
        }
    }

    private void expectEmptyLine() throws IOException {
        String end = HttpRequest.readLine(in, new int[] {MAX_LINE});
        if (end == null || !end.isEmpty()) {
            throw new EOFException("a broken chunk");
        }
    }
}
