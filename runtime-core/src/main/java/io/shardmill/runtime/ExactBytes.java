package io.shardmill.runtime;

import java.io.OutputStream;

/** Gathers a known number of bytes in an array that is allocated once and never copied. */
final class ExactBytes extends OutputStream {

    private final byte[] bytes;
    private int count;

    ExactBytes(int size) {
        this.bytes = new byte[size];
    }

    @Override
    public void write(int b) {
        bytes[count++] = (byte) b;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        System.arraycopy(source, offset, bytes, count, length);
        count += length;
    }

    /** @throws IllegalStateException if bytes are missing */
    byte[] whole() {
        if (count != bytes.length) {
            throw new IllegalStateException("a document of " + bytes.length + " bytes ended after " + count + " bytes");
        }
        return bytes;
    }
}
