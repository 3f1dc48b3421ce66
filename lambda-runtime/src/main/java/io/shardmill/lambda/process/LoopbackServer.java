package io.shardmill.lambda.process;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small HTTP/1.1 server on a loopback port of its own, for one execution environment (ADR 0012). It trusts its client
 * with nothing: heads, bodies and connections are bounded. A thread a connection, as nearly all of them are parked.
 */
final class LoopbackServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LoopbackServer.class);
    private static final int MAX_CONNECTIONS = 256;
    private static final long PAUSE_MILLIS = 50;

    /** Answers a request on its connection's thread. */
    interface Handler {
        /** Null closes the connection without an answer. */
        @Nullable
        HttpAnswer answer(HttpRequest request) throws IOException, InterruptedException;
    }

    private final Handler handler;
    private final Executor threads;
    private final ServerSocket listener;
    private final Set<Socket> connections = new HashSet<>(); // guarded by itself
    private volatile boolean closed;

    /** Listens when this returns; each connection occupies one of {@code threads}, as does the listener. */
    LoopbackServer(Executor threads, Handler handler) throws IOException {
        this.handler = handler;
        this.threads = threads;
        this.listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), MAX_CONNECTIONS);
        try {
            threads.execute(this::listen);
        } catch (Throwable noThread) {
            listener.close();
            throw noThread;
        }
    }

    /** Host and port, as in {@code AWS_LAMBDA_RUNTIME_API}. */
    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    private void listen() {
        try {
            while (!closed) {
                try {
                    take(listener.accept());
                } catch (Throwable refused) { // errors, too: there may be no thread for it
                    if (!closed) {
                        LOG.debug("a connection to the Runtime API was not taken: {}", refused.toString());
                        pause();
                    }
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(Socket connection) throws IOException {
        if (!admit(connection)) {
            connection.close();
            return;
        }
        try {
            threads.execute(() -> serve(connection));
        } catch (Throwable noThread) {
            forget(connection);
            connection.close();
            throw noThread;
        }
    }

    /** What there is too little of now, such as threads or open files, is not asked for again at once. */
    private void pause() throws InterruptedException {
        synchronized (connections) {
            if (!closed) {
                connections.wait(PAUSE_MILLIS);
            }
        }
    }

    private boolean admit(Socket connection) {
        synchronized (connections) {
            return !closed && connections.size() < MAX_CONNECTIONS && connections.add(connection);
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream(), 16_384);
            OutputStream out = connection.getOutputStream();
            boolean last = false;
            while (!last && !closed) {
                HttpRequest request = HttpRequest.read(in, out);
                HttpAnswer answer = request == null ? null : handler.answer(request);
                if (request == null || answer == null) {
                    return;
                }
                last = request.isLast() || !request.body().isAtEnd();
                answer.writeTo(out, last);
            }
        } catch (IOException gone) {
            LOG.debug("a connection to the Runtime API ended: {}", gone.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            forget(connection);
        }
    }

    private void forget(Socket connection) {
        synchronized (connections) {
            connections.remove(connection);
        }
    }

    /** Closes the port and all connections, whatever they are doing. */
    @Override
    public void close() {
        closed = true;
        Set<Socket> open;
        synchronized (connections) {
            open = Set.copyOf(connections);
            connections.notifyAll(); // ends a pause
        }
        try {
            listener.close();
            for (Socket connection : open) {
                connection.close();
            }
        } catch (IOException alreadyGone) {
            LOG.debug("closing the Runtime API: {}", alreadyGone.getMessage());
        }
    }
}
