package io.shardmill.lambda.process;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** A runtime that speaks HTTP byte by byte, over one connection. */
final class RawClient implements AutoCloseable {

    record Reply(int status, Map<String, String> headers, String body) {}

    private final String address;
    private final Socket socket;
    private final InputStream in;

    RawClient(String address) {
        this.address = address;
        try {
            this.socket = new Socket(
                    InetAddress.getLoopbackAddress(), Integer.parseInt(address.substring(address.indexOf(':') + 1)));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(30_000);
            this.in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    void send(String text) {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    Reply next() {
        sendNext();
        return reply();
    }

    void sendNext() {
        sendNext("");
    }

    /** @param headers each with its line end */
    void sendNext(String headers) {
        send("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n" + host() + headers + "\r\n");
    }

    /** The header that every request needs. */
    String host() {
        return "Host: " + address + "\r\n";
    }

    Reply post(String path, String headers, byte[] body) {
        send("POST /2018-06-01/runtime/" + path + " HTTP/1.1\r\n" + host() + headers + "Content-Length: " + body.length
                + "\r\n\r\n");
        send(body);
        return reply();
    }

    Reply post(String path, String body) {
        return post(path, "", body.getBytes(StandardCharsets.UTF_8));
    }

    Reply respond(String id, String body) {
        return post("invocation/" + id + "/response", body);
    }

    Reply reply() {
        try {
            String[] status = line().split(" ", 3);
            Map<String, String> headers = new HashMap<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                headers.put(
                        line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT),
                        line.substring(line.indexOf(':') + 1).strip());
            }
            byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
            return new Reply(Integer.parseInt(status[1]), headers, new String(body, StandardCharsets.UTF_8));
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    boolean isClosedByServer() {
        try {
            return in.read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server closed the connection after: " + line);
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
