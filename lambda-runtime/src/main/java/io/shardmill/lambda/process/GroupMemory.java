package io.shardmill.lambda.process;

import io.shardmill.lambda.FunctionConfiguration;
import java.util.function.LongConsumer;

/** The memory that an execution environment's processes have together, and its limit. Thread-safe. */
final class GroupMemory implements MemoryWatch.Group {

    private final long leader;
    private final RuntimeSession session;
    private final long limitKilobytes;
    private final LongConsumer onExceeded;
    private volatile long peakKilobytes;
    private volatile boolean exceeded;

    /** @param onExceeded gets the size in KiB, once, on the thread that measures */
    GroupMemory(long leader, RuntimeSession session, long limitKilobytes, LongConsumer onExceeded) {
        this.leader = leader;
        this.session = session;
        this.limitKilobytes = limitKilobytes;
        this.onExceeded = onExceeded;
    }

    /** A JVM needs this much beside its heap: for classes, compiled code, threads and direct buffers. */
    private static final int BESIDE_HEAP_MEGABYTES = 256;

    /**
     * Returns what the processes of one environment may hold together, in KiB, before they are killed. A Java function's heap is
     * bounded by its JVM, so that it fails with an OutOfMemoryError; a quarter more, 256 MB at least, is for the rest of it.
     */
    static long limitKilobytes(FunctionConfiguration configuration) {
        int memory = configuration.memoryMegabytes();
        boolean isJava = configuration.program().runtime().isJava();
        return (memory + (isJava ? Math.max(BESIDE_HEAP_MEGABYTES, memory / 4) : 0)) * 1024L;
    }

    @Override
    public long leader() {
        return leader;
    }

    @Override
    public boolean isWorking() {
        return !session.isReady();
    }

    @Override
    public long peakKilobytes() {
        return peakKilobytes;
    }

    @Override
    public boolean measured(long kilobytes) {
        peakKilobytes = Math.max(peakKilobytes, kilobytes);
        if (kilobytes > limitKilobytes && !exceeded) {
            exceeded = true;
            onExceeded.accept(kilobytes);
        }
        return kilobytes > limitKilobytes / 4 * 3;
    }

    /** Returns the largest size that was measured so far, in MB rounded up; the first process is measured now, too. */
    long peakMegabytes() {
        return (Math.max(peakKilobytes, ProcessStatus.residentKilobytes(leader)) + 1023) / 1024;
    }
}
