package io.shardmill.kafka;

/**
 * Whether a shard has all records of its partition: what the broker was asked for, and what it has answered. Not thread-safe.
 */
final class TipQuestion {

    private boolean isAtTip;
    private boolean isDue;
    private boolean isUrgent;

    /** Counts what the shard has asked for: an answer to an earlier question says nothing. */
    private long number;

    /** The shard reads and finds nothing: returns whether that is known to be all; of the next read it is not. */
    boolean isAnsweredForRead() {
        boolean isCaughtUp = isAtTip;
        isAtTip = false;
        isDue = !isCaughtUp;
        number++;
        return isCaughtUp;
    }

    /** Somebody waits for the answer. */
    void askUrgently() {
        isAtTip = false;
        isDue = true;
        isUrgent = true;
        number++;
    }

    /** There are more records. */
    void more() {
        isAtTip = false;
    }

    boolean isDue() {
        return isDue;
    }

    boolean isUrgent() {
        return isUrgent && isDue;
    }

    /** Returns what {@link #answer} answers. */
    long number() {
        return number;
    }

    /** Returns whether the answer that the shard has all records is to the last question. */
    boolean answer(long asked) {
        if (asked != number) {
            return false;
        }
        isDue = false;
        isUrgent = false;
        isAtTip = true;
        return true;
    }
}
