package io.shardmill.lambda.process;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** An accepted connection. Used by its own thread, but for {@link #isClosedByClient}. */
final class LoopbackConnection {

    private static final int BUFFER = 16_384;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    LoopbackConnection(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        this.out = socket.getOutputStream();
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    /** Returns whether nothing can come any more. The connection's thread must not be reading meanwhile. */
    boolean isClosedByClient() {
        try {
            in.mark(1);
            socket.setSoTimeout(1);
            try {
                boolean ended = in.read() < 0;
                in.reset();
                return ended;
            } finally {
                socket.setSoTimeout(0);
            }
        } catch (SocketTimeoutException silent) {
            return false;
        } catch (IOException gone) {
            return true;
        }
    }
}
