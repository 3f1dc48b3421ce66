package io.shardmill.aws.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that the bodies of all requests may take together. Half of them are for the beginning of one body of each
 * connection, half for all else, so that neither long bodies nor a connection with many requests at once keep out short ones.
 * Thread-safe.
 */
final class BodyMemory {

    /** Bytes; a body grows beyond from there only. */
    static final int BEGINNING = 32 << 10;

    private final long half;
    private final AtomicLong beginnings = new AtomicLong();
    private final AtomicLong rests = new AtomicLong();
    private final Set<String> connections = ConcurrentHashMap.newKeySet();

    BodyMemory(long bytes) {
        this.half = bytes / 2;
    }

    /** Returns a share that has taken nothing yet, for a body that arrives on this connection. */
    Share share(String connection) {
        return new Share(connection);
    }

    private boolean take(AtomicLong taken, long bytes) {
        if (taken.addAndGet(bytes) > half) {
            taken.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** One body's part. For one thread at a time. */
    final class Share implements AutoCloseable {

        private final String connection;
        private int size;
        private int beginning;

        private Share(String connection) {
            this.connection = connection;
        }

        /** Grows to so many bytes, the first time to at most {@link #BEGINNING}; returns false, unchanged, if there are too few. */
        boolean growTo(int bytes) {
            if (size == 0 && connections.add(connection)) {
                if (!take(beginnings, bytes)) {
                    connections.remove(connection);
                    return false;
                }
                beginning = bytes;
            } else if (!take(rests, (long) bytes - size)) {
                return false;
            }
            size = bytes;
            return true;
        }

        /** Gives all of it back. Can be repeated. */
        @Override
        public void close() {
            rests.addAndGet((long) beginning - size);
            if (beginning > 0) {
                beginnings.addAndGet(-beginning);
                connections.remove(connection);
            }
            beginning = 0;
            size = 0;
        }
    }
}
