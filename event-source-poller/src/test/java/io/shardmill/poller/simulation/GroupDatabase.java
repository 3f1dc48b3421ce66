package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.checkpoint.InMemoryMemberStore;
import io.shardmill.poller.checkpoint.MappingStore;
import java.time.Instant;
import java.time.InstantSource;

/** A database that processes share, or one of a single process. */
record GroupDatabase(
        String id, boolean isShared, InMemoryCheckpointStore rows, MappingStore mappings, InMemoryMemberStore members) {

    static final String NAMESPACE = "test";

    static GroupDatabase of(String id, boolean isShared) {
        InMemoryCheckpointStore rows = new InMemoryCheckpointStore(InstantSource.fixed(Instant.EPOCH));
        return new GroupDatabase(id, isShared, rows, new InMemoryMappingStore(rows), new InMemoryMemberStore());
    }

    boolean isMember(String owner) {
        return members.members(NAMESPACE).stream()
                .anyMatch(member -> member.id().equals(owner));
    }

    @Override
    public String toString() {
        return id;
    }
}
