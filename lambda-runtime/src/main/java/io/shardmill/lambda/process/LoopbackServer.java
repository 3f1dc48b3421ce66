package io.shardmill.lambda.process;

import java.io.Closeable;
import java.io.IOException;
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
 * A small HTTP/1.1 server on a loopback port of its own, for one execution environment (ADRs 12 and 18). It serves the
 * function's user only, refuses whatever a browser may send, and bounds heads, bodies and connections. Each connection
 * has a thread, as nearly all of them are parked.
 */
final class LoopbackServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LoopbackServer.class);
    private static final int MAX_CONNECTIONS = 256;
    private static final long PAUSE_MILLIS = 50;

    /** Answers a request on its connection's thread. */
    interface Handler {
        /** Returns the answer; null closes the connection without one. */
        @Nullable
        HttpAnswer answer(HttpRequest request) throws IOException, InterruptedException;
    }

    private final PeerCheck peers;
    private final Handler handler;
    private final Executor threads;
    private final ServerSocket listener;
    private final Set<Socket> connections = new HashSet<>(); // guarded by itself
    private volatile boolean closed;
    private boolean hasRefused; // the listener's thread only

    /** Listens when this returns; each connection occupies one of {@code threads}, as does the listener. */
    LoopbackServer(Executor threads, PeerCheck peers, Handler handler) throws IOException {
        this.peers = peers;
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
                        LOG.debug("A connection to the Runtime API was not taken: {}", refused.toString());
                        pause();
                    }
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(Socket connection) throws IOException {
        try {
            if (!peers.admits(connection)) { // before it counts: strangers must not take the function's places
                warnOfStranger();
                connection.close();
                return;
            }
        } catch (Throwable unknown) {
            connection.close();
            throw unknown;
        }
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

    /** Waits before the next attempt when threads or open files run out. */
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

    private void serve(Socket socket) {
        try (socket) {
            serve(new LoopbackConnection(socket));
        } catch (IOException gone) {
            LOG.debug("A connection to the Runtime API ended: {}", gone.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            forget(socket);
        }
    }

    private void serve(LoopbackConnection connection) throws IOException, InterruptedException {
        boolean last = false;
        while (!last && !closed) {
            HttpRequest request = HttpRequest.read(connection);
            if (request == null) {
                return;
            }
            boolean foreign = request.isFromBrowser() || !request.isFor(address());
            HttpAnswer answer = foreign ? HttpAnswer.FORBIDDEN : handler.answer(request);
            if (answer == null) {
                return;
            }
            last = foreign || request.isLast() || !request.body().isAtEnd();
            answer.writeTo(connection.out(), last);
        }
    }

    private void warnOfStranger() {
        if (!hasRefused) {
            hasRefused = true;
            LOG.warn(
                    "Refused a connection to the Runtime API at {}: the peer does not run as the function's user",
                    address());
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
        closeQuietly(listener);
        open.forEach(LoopbackServer::closeQuietly);
    }

    private static void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            LOG.debug("Could not close a socket of the Runtime API: {}", alreadyGone.getMessage());
        }
    }
}
