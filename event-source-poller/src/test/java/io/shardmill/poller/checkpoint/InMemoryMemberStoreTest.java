package io.shardmill.poller.checkpoint;

class InMemoryMemberStoreTest extends MemberStoreContract {

    private final MemberStore store = new InMemoryMemberStore();

    @Override
    protected MemberStore store() {
        return store;
    }
}
