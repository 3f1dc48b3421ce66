package io.shardmill.poller.checkpoint;

class InMemoryCheckpointStoreTest extends CheckpointStoreContract {

    private final InMemoryCheckpointStore store = new InMemoryCheckpointStore(this::now);

    @Override
    protected CheckpointStore store() {
        return store;
    }
}
