package io.shardmill.aws.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * What of a body has arrived, in memory that grows with it: a client that promises much and sends little holds little.
 * For one thread at a time.
 */
final class Body implements AutoCloseable {

    private final BodyMemory.Share memory;
    private final int most;
    private byte[] bytes = new byte[0];
    private int length;

    /** @param most bytes it can ever hold */
    Body(BodyMemory.Share memory, int most) {
        this.memory = memory;
        this.most = most;
    }

    boolean isFull() {
        return length == most;
    }

    /** Makes room for at least one more byte, unless it is full; false if no memory is left for it. */
    boolean makeRoom() {
        if (length < bytes.length) {
            return true;
        }
        int grown = (int) Math.min(most, Math.max(BodyMemory.BEGINNING, 2L * bytes.length));
        if (!memory.growTo(grown)) {
            return false;
        }
        bytes = Arrays.copyOf(bytes, grown);
        return true;
    }

    /** What is there to read into the room there is; as {@link InputStream#read}. */
    int read(InputStream in) throws IOException {
        int read = in.read(bytes, length, bytes.length - length);
        length += Math.max(0, read);
        return read;
    }

    /** All that has arrived; what the array was grown to in vain is let go. */
    byte[] whole() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    /** Gives its memory back. Can be repeated. */
    @Override
    public void close() {
        memory.close();
        bytes = new byte[0];
    }
}
