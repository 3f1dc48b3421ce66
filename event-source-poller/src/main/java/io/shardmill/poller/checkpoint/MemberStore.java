package io.shardmill.poller.checkpoint;

import java.util.List;
import java.util.Set;

/**
 * Keeps a row of each living process, in the database of the checkpoints. A process whose row is gone is dead, and its id never
 * comes back. Each call is one transaction. Thread-safe; every method may block and throws
 * {@link CheckpointStoreException} when the store can't be reached or refuses.
 */
public interface MemberStore {

    /** Adds a member that is able to consume nothing yet and is not draining. */
    void join(String namespace, String id, long timeToLiveMillis);

    /**
     * Raises the member's version.
     *
     * @return whether the member is there
     */
    boolean renew(String namespace, String id);

    /** Writes what the member is able to consume, and whether it is draining; does nothing if it is not there. */
    void describe(String namespace, String id, Set<MappingKey> mappings, boolean draining);

    /** Returns all members of the namespace, by id. */
    List<MemberRow> members(String namespace);

    /** Removes the member if its version is still this one: it is dead. */
    void remove(String namespace, String id, long version);

    /** Removes the member: it leaves. */
    void leave(String namespace, String id);
}
