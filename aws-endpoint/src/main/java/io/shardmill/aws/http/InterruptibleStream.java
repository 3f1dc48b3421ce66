package io.shardmill.aws.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A stream whose writer can be interrupted, but not inside a write: an interrupt there would close the connection under
 * all other requests on it. Interrupted during a write, the writer is interrupted when that is through. For one writer.
 */
final class InterruptibleStream extends OutputStream {

    private final OutputStream out;
    private final ReentrantLock writing = new ReentrantLock();
    private @Nullable Thread writer;
    private volatile boolean ended;

    InterruptibleStream(OutputStream out) {
        this.out = out;
    }

    void writtenBy(Thread thread) {
        writing.lock();
        try {
            writer = thread;
        } finally {
            writing.unlock();
        }
    }

    /** Nothing is written any more, and the writer's thread is not interrupted from now on. */
    void written() {
        writing.lock();
        try {
            writer = null;
            ended = true;
        } finally {
            writing.unlock();
        }
        Thread.interrupted();
    }

    /** From any thread. */
    void interrupt() {
        ended = true;
        if (writing.tryLock()) {
            try {
                if (writer != null) {
                    writer.interrupt();
                }
            } finally {
                writing.unlock();
            }
        }
    }

    @Override
    public void write(int each) throws IOException {
        write(new byte[] {(byte) each}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        begin();
        try {
            out.write(bytes, from, length);
        } finally {
            end();
        }
    }

    @Override
    public void flush() throws IOException {
        begin();
        try {
            out.flush();
        } finally {
            end();
        }
    }

    private void begin() throws IOException {
        writing.lock();
        if (ended) {
            writing.unlock();
            throw new IOException("The stream was ended");
        }
    }

    /** Who interrupts during a write doesn't reach the writer: it does so itself. */
    private void end() {
        writing.unlock();
        if (ended) {
            Thread.currentThread().interrupt();
        }
    }
}
