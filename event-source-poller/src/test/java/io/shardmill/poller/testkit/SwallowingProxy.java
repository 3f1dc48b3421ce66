package io.shardmill.poller.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * The way to a server on this machine. While it swallows, nothing gets through in either direction and nothing is closed, as in a
 * network that drops packets; afterwards what was sent arrives, since TCP sends it again. Thread-safe.
 */
public final class SwallowingProxy implements AutoCloseable {

    private final IntSupplier target;
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private boolean isSwallowing;

    /** Grows when connections are lost: those of an earlier number are silent for ever. */
    private int generation;

    public SwallowingProxy(int target) {
        this(() -> target);
    }

    /** @param target gives the server's port at each connection */
    public SwallowingProxy(IntSupplier target) {
        this.target = target;
        try {
            this.server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
        start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    public synchronized void swallow(boolean isOn) {
        isSwallowing = isOn;
        notifyAll();
    }

    /** Lets new connections through; those that there are stay silent, as when a firewall has forgotten them. */
    public synchronized void loseConnections() {
        generation++;
        swallow(false);
    }

    private synchronized int generation() {
        return generation;
    }

    private synchronized void awaitPassage(int connected) throws InterruptedException {
        while ((isSwallowing || connected < generation) && !server.isClosed()) {
            wait();
        }
    }

    private static void start(Runnable loop) {
        Thread thread = new Thread(loop, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                sockets.add(client);
                start(() -> connect(client));
            } catch (IOException closed) {
                // Checked above.
            }
        }
    }

    private void connect(Socket client) {
        try {
            awaitPassage(Integer.MAX_VALUE);
            int connected = generation();
            Socket destination = new Socket(InetAddress.getLoopbackAddress(), target.getAsInt());
            sockets.add(destination);
            start(() -> forward(client, destination, connected));
            forward(destination, client, connected);
        } catch (IOException | InterruptedException unreachable) {
            close(client);
        }
    }

    private void forward(Socket from, Socket to, int connected) {
        byte[] buffer = new byte[64 << 10];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitPassage(connected);
                out.write(buffer, 0, read);
            }
            awaitPassage(connected);
        } catch (IOException | InterruptedException ended) {
            // Both ends learn it below.
        }
        close(from);
        close(to);
    }

    private void close(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    /** Closes all connections. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
        swallow(false);
        sockets.forEach(this::close);
    }
}
