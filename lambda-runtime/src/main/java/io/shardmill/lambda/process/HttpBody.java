package io.shardmill.lambda.process;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a request: of a known length, or in chunks with trailers. Kept up to a limit, discarded beyond it. */
final class HttpBody {

    /** Of a body that nobody wants. A runtime is told about a body that is too large only when it has sent it. */
    private static final long MAX_DISCARDED = 64L << 20;

    private static final int MAX_LINE = 8_192;

    private final InputStream in;
    private final @Nullable OutputStream continueOn;
    private final boolean chunked;
    private long left;
    private boolean ended;
    private Map<String, String> trailers = Map.of();

    HttpBody(HttpRequest request, InputStream in, OutputStream out) throws IOException {
        this.in = in;
        this.continueOn = "100-continue".equalsIgnoreCase(request.header("expect")) ? out : null;
        this.chunked = "chunked".equalsIgnoreCase(request.header("transfer-encoding"));
        this.left = chunked ? 0 : length(request.header("content-length"));
        this.ended = !chunked && left == 0;
    }

    private static long length(@Nullable String contentLength) throws IOException {
        try {
            long length = contentLength == null ? 0 : Long.parseLong(contentLength);
            if (length >= 0) {
                return length;
            }
        } catch (NumberFormatException noNumber) {
            // falls through
        }
        throw new MalformedRequestException("content-length is no length");
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

    /** What came after the last chunk, by name in lower case; when the body has been read. */
    Map<String, String> trailers() {
        return trailers;
    }

    /** Whether the connection can go on with the next request. */
    boolean isAtEnd() {
        return ended;
    }

    /** So that the next request of the connection can be read. */
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
        String size = HttpRequest.readLine(in, new int[] {MAX_LINE});
        try {
            left = size == null ? -1 : Long.parseLong(size.replaceFirst("\\s*(;.*)?$", ""), 16);
        } catch (NumberFormatException noSize) {
            left = -1;
        }
        if (left < 0) {
            throw new EOFException("a broken chunk");
        }
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
