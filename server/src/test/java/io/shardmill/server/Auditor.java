package io.shardmill.server;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.BitSet;

/** Counts, outside of the server, which records functions have seen. */
final class Auditor implements AutoCloseable {

    private final ServerSocket listener;
    private final BitSet seen = new BitSet(); // guarded by this
    private long again; // guarded by this
    private int largestBatch; // guarded by this

    Auditor() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::listen, "auditor");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    private void listen() {
        while (!listener.isClosed()) {
            try (Socket function = listener.accept()) {
                DataInputStream in = new DataInputStream(function.getInputStream());
                int count = in.readInt();
                long[] numbers = new long[count];
                for (int index = 0; index < count; index++) {
                    numbers[index] = in.readLong();
                }
                note(numbers);
                function.getOutputStream().write(1);
            } catch (IOException gone) {
                // a function that was killed, or the end
            }
        }
    }

    private synchronized void note(long[] numbers) {
        largestBatch = Math.max(largestBatch, numbers.length);
        for (long number : numbers) {
            int index = Math.toIntExact(number);
            again += seen.get(index) ? 1 : 0;
            seen.set(index);
        }
    }

    /** How many different records were seen. */
    synchronized int seen() {
        return seen.cardinality();
    }

    /** How often one was seen that had been seen before. */
    synchronized long again() {
        return again;
    }

    synchronized int largestBatch() {
        return largestBatch;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
