package io.shardmill.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A document whose length is known before it is written, so that it can be written straight to where it goes. Immutable;
 * any thread may write it, any number of times.
 */
public interface Payload {

    /** The number of bytes that {@link #writeTo} writes. */
    int size();

    /** Writes the document; neither flushes nor closes {@code out}. */
    void writeTo(OutputStream out) throws IOException;

    /**
     * Returns the document in one array, which must not be changed.
     *
     * @throws NotInvokedException if it can't be built, most likely for lack of memory
     */
    default byte[] bytes() throws NotInvokedException {
        try {
            ExactBytes bytes = new ExactBytes(size());
            writeTo(bytes);
            return bytes.whole();
        } catch (IOException | RuntimeException | Error fault) {
            throw NotInvokedException.internal(fault);
        }
    }

    /**
     * Returns the document to be read once. It takes no large piece of memory, and gives it back as it is read.
     *
     * @throws NotInvokedException if it can't be built, most likely for lack of memory
     */
    default InputStream stream() throws NotInvokedException {
        try {
            BytePieces pieces = new BytePieces(size());
            writeTo(pieces);
            return pieces.whole();
        } catch (IOException | RuntimeException | Error fault) {
            throw NotInvokedException.internal(fault);
        }
    }

    /** Returns a payload of the given bytes, which are not copied. */
    static Payload of(byte[] bytes) {
        return new GivenBytes(bytes);
    }
}
