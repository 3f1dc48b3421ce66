package io.shardmill.poller.checkpoint;

class InMemoryCheckpointStoreTest extends CheckpointStoreContract {

    private final InMemoryCheckpointStore store = new InMemoryCheckpointStore();

    @Override
    protected CheckpointStore store() {
        return store;
    }
}
