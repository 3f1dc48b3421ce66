package io.shardmill.runtime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A payload that is there already. */
final class GivenBytes implements Payload {

    private final byte[] bytes;

    GivenBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public int size() {
        return bytes.length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes);
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public InputStream stream() {
        return new ByteArrayInputStream(bytes);
    }

    /** Payloads stay out of logs. */
    @Override
    public String toString() {
        return "Payload[" + bytes.length + " bytes]";
    }
}
