package io.shardmill.runtime;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Gathers a known number of bytes in pieces: a heap that has room for all of them may have none for a single array, because collectors
 * don't move large ones. Not thread-safe.
 */
final class BytePieces extends OutputStream {

    /** No large object for any collector: less than half of G1's smallest region. */
    static final int PIECE = 256 << 10;

    private final int size;
    private final Deque<byte[]> pieces = new ArrayDeque<>();
    private int count;

    BytePieces(int size) {
        this.size = size;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        if (length > size - count) {
            throw new IllegalStateException("a document of " + size + " bytes is longer than that");
        }
        int done = 0;
        while (done < length) {
            int at = count % PIECE;
            if (at == 0) {
                pieces.add(new byte[Math.min(PIECE, size - count)]);
            }
            byte[] last = pieces.getLast();
            int next = Math.min(length - done, last.length - at);
            System.arraycopy(source, offset + done, last, at, next);
            done += next;
            count += next;
        }
    }

    /**
     * Returns what was written, to be read once: pieces are given back to the heap as they are read.
     *
     * @throws IllegalStateException if bytes are missing
     */
    InputStream whole() {
        if (count != size) {
            throw new IllegalStateException("a document of " + size + " bytes ended after " + count + " bytes");
        }
        return new Reading(pieces);
    }

    private static final class Reading extends InputStream {

        private final Deque<byte[]> pieces;
        private int at;

        Reading(Deque<byte[]> pieces) {
            this.pieces = pieces;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            byte[] first = pieces.peek();
            if (first == null) {
                return length == 0 ? 0 : -1;
            }
            int next = Math.min(length, first.length - at);
            System.arraycopy(first, at, target, offset, next);
            at += next;
            if (at == first.length) {
                pieces.remove();
                at = 0;
            }
            return next;
        }
    }
}
