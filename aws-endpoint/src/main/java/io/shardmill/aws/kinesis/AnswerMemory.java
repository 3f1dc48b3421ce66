package io.shardmill.aws.kinesis;

/**
 * Bytes of records that the answers to GetRecords may hold together, from when they are read until they are sent:
 * clients that ask for much and don't read it cost no more. Thread-safe.
 */
final class AnswerMemory {

    private static final long MOST = 128 << 20;

    private final long bytes;
    private long left;

    AnswerMemory(long bytes) {
        this.bytes = bytes;
        this.left = bytes;
    }

    /** An eighth of the heap, at most 128 MiB. */
    static long ofHeap() {
        return Math.min(MOST, Runtime.getRuntime().maxMemory() / 8);
    }

    /**
     * A share of half of what is left, so that there is something for the next, too.
     *
     * @param least bytes that it must have, or all there are
     * @param most bytes that it can use, not below the least
     * @throws KinesisException if there is less left; to be tried again
     */
    synchronized Share take(int least, int most) {
        if (left < Math.min(least, bytes)) {
            throw KinesisException.of(
                    "ProvisionedThroughputExceededException",
                    "Too many records are on their way to readers at the moment. Try again.");
        }
        Share share = new Share((int) Math.max(least, Math.min(most, left / 2)));
        left -= share.bytes;
        return share;
    }

    private synchronized void change(Share share, int now) {
        left += share.bytes - now;
        share.bytes = now;
    }

    /** What one answer has of it. Close it when the answer is sent; for one thread at a time. */
    final class Share implements AutoCloseable {

        private int bytes;

        private Share(int bytes) {
            this.bytes = bytes;
        }

        int bytes() {
            return bytes;
        }

        /** Once it is known how much it is. */
        void become(int now) {
            change(this, now);
        }

        @Override
        public void close() {
            change(this, 0);
        }
    }
}
