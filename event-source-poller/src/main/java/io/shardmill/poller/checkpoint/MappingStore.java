package io.shardmill.poller.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps what mappings are to be: the settings of those that were created at run time, and of all whether they are enabled
 * and replayed. Each call is one transaction, durable when it returns. Thread-safe; every method may block and throws
 * {@link CheckpointStoreException} when the store can't be reached or refuses, in which case it is not known whether the
 * change was made.
 */
public interface MappingStore {

    /** All of the namespace, by name. */
    List<StoredMapping> all(String namespace);

    /** The versions of all of the namespace, by name. */
    Map<String, Long> versions(String namespace);

    Optional<StoredMapping> find(String namespace, String name);

    /**
     * Adds a mapping, unless there is one of its name. Checkpoint rows under the name stay: a mapping that was
     * configured before resumes from them, and a deleted one has left none. The replay must not be marked as applied.
     *
     * @return whether it was added
     */
    boolean create(String namespace, StoredMapping mapping);

    /**
     * Replaces the mapping of that name if the stored version is the one before {@link StoredMapping#version}.
     *
     * @return whether it was replaced; false, and nothing is changed, if somebody else has changed or removed it
     */
    boolean update(String namespace, StoredMapping mapping);

    /**
     * Carries out a replay exactly once: marks it as applied, under the next version, and together with that replaces
     * rows as {@link CheckpointStore#replace} does.
     *
     * @param replay the id of the mapping's replay
     * @param rows none if the stream has no such position
     * @return false, and nothing is changed, if it is applied already, or another replay has taken its place
     */
    boolean applyReplay(MappingKey key, long replay, List<CheckpointRow> rows);

    /**
     * Removes the mapping together with its rows, on all streams and incarnations, if it is marked as deleted and the stored
     * version is this one. Who still writes a row finds it gone, and no write brings it back.
     *
     * @return whether it was removed; false, and nothing is changed, if somebody else has changed or removed it, or has
     *     created another of its name since
     */
    boolean delete(String namespace, String name, long version);
}
