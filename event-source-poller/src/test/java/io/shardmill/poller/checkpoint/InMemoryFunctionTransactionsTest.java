package io.shardmill.poller.checkpoint;

class InMemoryFunctionTransactionsTest extends FunctionTransactionsContract {

    private final InMemoryCheckpointStore store = new InMemoryCheckpointStore();

    @Override
    protected CheckpointStore store() {
        return store;
    }

    @Override
    protected FunctionTransactions transactions() {
        return store.transactions();
    }
}
