package io.shardmill.lambda.process;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a function's output to its log. Output comes through a pipe, answers through a socket: so that what was printed
 * before an answer is in the log before its END line, we write a secret mark into the same pipe and wait until
 * it comes out ({@link #catchUp}). Where the pipe cannot be opened for that (it is a Linux facility) order is left to luck.
 */
final class OutputPipe {

    private static final Logger LOG = LoggerFactory.getLogger(OutputPipe.class);
    private static final int BUFFER = 16_384;
    private static final long CATCH_UP_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final InputStream in;
    private final FunctionLog log;
    private final byte[] mark = ("\u0000" + UUID.randomUUID()).getBytes(StandardCharsets.US_ASCII);
    private final @Nullable OutputStream ours;
    private final Object writing = new Object();

    private long asked; // guarded by writing
    private long seen; // guarded by this
    private boolean ended; // guarded by this

    OutputPipe(Process process, FunctionLog log, Executor threads) {
        this.in = process.getInputStream();
        this.log = log;
        this.ours = open(process.pid());
        try {
            threads.execute(this::pump);
        } catch (Throwable noThread) {
            close();
            throw noThread;
        }
    }

    private static @Nullable OutputStream open(long pid) {
        try {
            return new FileOutputStream("/proc/" + pid + "/fd/1");
        } catch (IOException goneOrNoLinux) {
            return null;
        }
    }

    /** Returns when everything printed before is in the log, or after a second. */
    void catchUp() throws InterruptedException {
        if (ours == null) {
            return;
        }
        long ticket;
        synchronized (writing) {
            try {
                ours.write(mark);
            } catch (IOException processEnded) {
                return;
            }
            ticket = ++asked;
        }
        await(ticket);
    }

    /** To be called when the process has ended: returns when all of its output is in the log, or after a second. */
    void finish() throws InterruptedException {
        close();
        await(Long.MAX_VALUE);
    }

    /** Lets the pipe end with the process; with our end open it never would. */
    void close() {
        try {
            if (ours != null) {
                ours.close();
            }
        } catch (IOException closed) {
            LOG.debug("Could not close an output pipe: {}", closed.getMessage());
        }
    }

    private synchronized void await(long ticket) throws InterruptedException {
        long deadline = System.nanoTime() + CATCH_UP_TIMEOUT_NANOS;
        for (long left = CATCH_UP_TIMEOUT_NANOS;
                seen < ticket && !ended && left > 0;
                left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private void pump() {
        byte[] buffer = new byte[BUFFER];
        int matched = 0;
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                matched = take(buffer, read, matched);
            }
        } catch (IOException closed) {
            LOG.debug("An output pipe ended: {}", closed.getMessage());
        } finally {
            log.output(mark, 0, matched);
            synchronized (this) {
                ended = true;
                notifyAll();
            }
        }
    }

    /** The mark's first byte occurs in it once, so a mismatch can only begin it anew. */
    private int take(byte[] buffer, int length, int alreadyMatched) {
        int matched = alreadyMatched;
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (buffer[i] != mark[matched]) {
                if (matched > i - from) {
                    log.output(mark, 0, matched - (i - from)); // began in the buffer before
                }
                matched = buffer[i] == mark[0] ? 1 : 0;
            } else if (++matched == mark.length) {
                log.output(buffer, from, Math.max(from, i + 1 - matched) - from);
                from = i + 1;
                matched = 0;
                synchronized (this) {
                    seen++;
                    notifyAll();
                }
            }
        }
        log.output(buffer, from, Math.max(from, length - matched) - from);
        return matched;
    }
}
