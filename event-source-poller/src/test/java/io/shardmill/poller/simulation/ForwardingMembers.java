package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MemberRow;
import io.shardmill.poller.checkpoint.MemberStore;
import java.util.List;
import java.util.Set;

/** Hands everything on to another store. */
abstract class ForwardingMembers implements MemberStore {

    private final MemberStore store;

    ForwardingMembers(MemberStore store) {
        this.store = store;
    }

    @Override
    public void join(String namespace, String id, long timeToLiveMillis) {
        store.join(namespace, id, timeToLiveMillis);
    }

    @Override
    public boolean renew(String namespace, String id) {
        return store.renew(namespace, id);
    }

    @Override
    public void describe(String namespace, String id, Set<MappingKey> mappings, boolean draining) {
        store.describe(namespace, id, mappings, draining);
    }

    @Override
    public List<MemberRow> members(String namespace) {
        return store.members(namespace);
    }

    @Override
    public void remove(String namespace, String id, long version) {
        store.remove(namespace, id, version);
    }

    @Override
    public void leave(String namespace, String id) {
        store.leave(namespace, id);
    }
}
