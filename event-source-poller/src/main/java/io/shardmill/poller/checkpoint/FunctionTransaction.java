package io.shardmill.poller.checkpoint;

/** What a function writes, and the fact that its batch is finished: both are committed, or neither. Used by one thread. */
public interface FunctionTransaction extends AutoCloseable {

    /** What came of a commit. */
    enum Outcome {
        /** What was written, and the fact, are there. */
        COMMITTED,
        /** The batch was finished by an earlier transaction, whose commit was not heard of: nothing was written again. */
        FINISHED_BEFORE,
        /**
         * Somebody else has the shard, its row is gone, or so is what was committed before: nothing was written, and nothing can be
         * under this epoch.
         */
        NOT_OWNED
    }

    /**
     * Returns whether an earlier transaction has committed that the lane is finished so far. Waits for one that is still under way, and
     * locks the shard until this transaction is closed.
     *
     * @throws CheckpointStoreException if the database can't be reached
     */
    boolean isFinished(LaneCommit commit);

    /**
     * Ends the transaction, with the fact as its last change.
     *
     * @throws UncommittableException if the database refused what the function has written: nothing was written
     * @throws CheckpointStoreException if the database can't be reached; it is not known whether anything was written
     */
    Outcome commit(LaneCommit commit);

    /** Rolls back, unless the transaction was ended before. Throws nothing. */
    @Override
    void close();
}
