package io.shardmill.poller.checkpoint;

import java.util.List;
import java.util.Optional;

/**
 * Keeps the mappings that were created at run time, beside the rows of all mappings. Each call is one transaction,
 * durable when it returns. Thread-safe; every method may block and throws {@link CheckpointStoreException} when the
 * store can't be reached or refuses, in which case it is not known whether the change was made.
 */
public interface MappingStore {

    /** All of the namespace, by name. */
    List<StoredMapping> all(String namespace);

    Optional<StoredMapping> find(String namespace, String name);

    /**
     * Adds a mapping, unless there is one of its name already. Rows under the name stay: those of a configured mapping,
     * from which it goes on. A deleted mapping has left none.
     *
     * @return whether it was added
     */
    boolean create(String namespace, StoredMapping mapping);

    /** Replaces the mapping of that name; false, and nothing is changed, if there is none any more. */
    boolean update(String namespace, StoredMapping mapping);

    /**
     * Removes the mapping together with its rows, on all streams and incarnations; harmless if there is none. Who still
     * writes a row finds it gone, and no write brings it back.
     */
    void delete(String namespace, String name);
}
