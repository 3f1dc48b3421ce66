package io.shardmill.poller.checkpoint;

/** Opens the transactions in which functions of transactional mappings run. Thread-safe. */
public interface FunctionTransactions {

    /**
     * Begins a transaction of the calling thread, which has to end it, too.
     *
     * @throws CheckpointStoreException if none can be begun now
     */
    FunctionTransaction begin();
}
