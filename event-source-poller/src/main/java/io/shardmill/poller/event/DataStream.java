package io.shardmill.poller.event;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads a buffer without copying it as a whole. */
final class DataStream extends InputStream {

    private final ByteBuffer data;

    DataStream(ByteBuffer data) {
        this.data = data;
    }

    @Override
    public int read() {
        return data.hasRemaining() ? data.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (!data.hasRemaining()) {
            return length == 0 ? 0 : -1;
        }
        int count = Math.min(length, data.remaining());
        data.get(target, offset, count);
        return count;
    }
}
