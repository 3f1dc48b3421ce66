package io.shardmill.poller.checkpoint;

class InMemoryMappingStoreTest extends MappingStoreContract {

    private final InMemoryCheckpointStore checkpoints = new InMemoryCheckpointStore(CLOCK);
    private final InMemoryMappingStore store = new InMemoryMappingStore(checkpoints);

    @Override
    protected MappingStore store() {
        return store;
    }

    @Override
    protected CheckpointStore checkpoints() {
        return checkpoints;
    }
}
