package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A connection of HTTP/2 with prior knowledge whose frames a test writes and reads one by one (RFC 9113), to do what no
 * client library would. Requests are Kinesis's, in JSON. For one thread.
 */
final class Http2Frames implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;

    static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;

    private static final byte[] NOTHING = {};

    private final Socket socket;
    private final DataInputStream in;
    private int lastStream = -1;

    record Frame(int type, int flags, int stream, byte[] payload) {

        boolean is(int wanted, int ofStream) {
            return type == wanted && stream == ofStream;
        }
    }

    /** @param window bytes of each response that the server may send without being asked for more */
    Http2Frames(int port, int window) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(60_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write(ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        byte[] initialWindowSize =
                ByteBuffer.allocate(6).putShort((short) 4).putInt(window).array();
        send(SETTINGS, 0, 0, initialWindowSize);
        allow(0, 1 << 30);
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        socket.getOutputStream()
                .write(ByteBuffer.allocate(9 + payload.length)
                        .putInt((payload.length << 8) | type)
                        .put((byte) flags)
                        .putInt(stream)
                        .put(payload)
                        .array());
    }

    /** Sends a request's head; returns its stream. */
    int begin(String action) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.writeBytes(new byte[] {(byte) 0x83, (byte) 0x86, (byte) 0x84}); // POST, http, / (RFC 7541, A)
        header(head, ":authority", "127.0.0.1");
        header(head, "content-type", "application/x-amz-json-1.1");
        header(head, "x-amz-target", "Kinesis_20131202." + action);
        lastStream += 2;
        send(HEADERS, END_HEADERS, lastStream, head.toByteArray());
        return lastStream;
    }

    /** Sends a whole request; returns its stream. */
    int request(String action, String json) throws IOException {
        int stream = begin(action);
        send(DATA, END_STREAM, stream, json.getBytes(StandardCharsets.UTF_8));
        return stream;
    }

    /** Says that this side begins no more streams, as a client does that closes gracefully. */
    void goAway() throws IOException {
        send(GOAWAY, 0, 0, new byte[8]);
    }

    void reset(int stream) throws IOException {
        int cancel = 8;
        send(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(cancel).array());
    }

    /** Lets the server send so many bytes more on a stream, or on the connection (0). */
    void allow(int stream, int bytes) throws IOException {
        send(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    /** Returns when the server has read all that was sent before; other frames than of control must not come meanwhile. */
    void roundTrip() throws IOException {
        send(PING, 0, 0, new byte[8]);
        Frame frame = next();
        while (frame.type() != PING) {
            assertThat(frame.type()).isIn(SETTINGS, WINDOW_UPDATE);
            frame = next();
        }
    }

    /** Returns the next frame of this type and stream; the stream must not end before. */
    Frame await(int type, int stream) throws IOException {
        Frame frame = next();
        while (!frame.is(type, stream)) {
            assertThat(frame.is(RST_STREAM, stream) || frame.type() == GOAWAY)
                    .as("the stream's or the connection's end instead of a frame of type " + type)
                    .isFalse();
            frame = next();
        }
        return frame;
    }

    /** Returns the next frame of this stream. */
    Frame next(int stream) throws IOException {
        Frame frame = next();
        while (frame.stream() != stream) {
            frame = next();
        }
        return frame;
    }

    /** Returns what comes of a body until the end of the stream, or until it contains a text. */
    String bodyUntil(int stream, String text) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Frame frame;
        do {
            frame = await(DATA, stream);
            body.writeBytes(frame.payload());
        } while ((frame.flags() & END_STREAM) == 0
                && !body.toString(StandardCharsets.UTF_8).contains(text));
        return body.toString(StandardCharsets.UTF_8);
    }

    /** Returns a body to its end. */
    String body(int stream) throws IOException {
        return bodyUntil(stream, "\0");
    }

    private Frame next() throws IOException {
        int lengthAndType = in.readInt();
        Frame frame = new Frame(
                lengthAndType & 0xFF, in.readUnsignedByte(), in.readInt(), in.readNBytes(lengthAndType >>> 8));
        if (frame.type() == SETTINGS && (frame.flags() & ACK) == 0) {
            send(SETTINGS, ACK, 0, NOTHING);
        }
        return frame;
    }

    private static void header(ByteArrayOutputStream head, String name, String value) {
        head.write(0); // a literal that is not indexed
        head.write(name.length());
        head.writeBytes(ascii(name));
        head.write(value.length());
        head.writeBytes(ascii(value));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
