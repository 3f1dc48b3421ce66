package io.shardmill.aws.http;

import io.shardmill.aws.protocol.MemoryPool;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The memory of all requests' bodies. Half of it is for the beginning of one body of each connection, half for all else, so
 * that neither long bodies nor a connection with many requests at once keep out short ones. Thread-safe.
 */
final class BodyMemory {

    /** Bytes; a body grows beyond from there only. */
    static final int BEGINNING = 32 << 10;

    private final MemoryPool beginnings;
    private final MemoryPool rests;
    private final Set<String> connections = ConcurrentHashMap.newKeySet();

    BodyMemory(long bytes) {
        this.beginnings = new MemoryPool(bytes / 2);
        this.rests = new MemoryPool(bytes / 2);
    }

    /** Returns a share that has taken nothing yet, for a body that arrives on this connection. */
    Share share(String connection) {
        return new Share(connection);
    }

    /** One body's part. For one thread at a time. */
    final class Share implements AutoCloseable {

        private final String connection;
        private final MemoryPool.Share beginning = beginnings.share();
        private final MemoryPool.Share rest = rests.share();
        private boolean isFirst;

        private Share(String connection) {
            this.connection = connection;
        }

        /** Grows to so many bytes, the first time to at most {@link #BEGINNING}; returns false, unchanged, if they are not free. */
        boolean growTo(int bytes) {
            if (isFirst || rest.bytes() > 0 || !connections.add(connection)) {
                return rest.growTo(bytes - beginning.bytes());
            }
            isFirst = beginning.growTo(bytes);
            if (!isFirst) {
                connections.remove(connection);
            }
            return isFirst;
        }

        /** Gives all of it back. Can be repeated. */
        @Override
        public void close() {
            rest.close();
            beginning.close();
            if (isFirst) {
                connections.remove(connection);
            }
            isFirst = false;
        }
    }
}
