package io.shardmill.poller.checkpoint;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Keeps the rows. Each call is one transaction, durable when it returns. Thread-safe; every method may
 * block and throws {@link CheckpointStoreException} when the store can't be reached or refuses, in which
 * case it is not known whether the change was made.
 *
 * <p>Rows are read with the facts that {@linkplain FunctionTransaction transactions of functions} have committed. Those go when
 * their row is replaced or deleted; {@link #save} leaves them alone.
 */
public interface CheckpointStore {

    /** Tells this store from others, and stays as long as its rows do. */
    String id();

    /** All rows of the mapping on this incarnation of its stream; empty if it never saw it. */
    List<CheckpointRow> load(MappingKey key);

    /** All mappings of the namespace that have rows, on any stream and incarnation. */
    List<MappingKey> mappings(String namespace);

    /** All incarnations of the stream on which a mapping of that name has rows, in any namespace; in the order of namespaces. */
    List<MappingKey> inAllNamespaces(String mapping, String stream);

    /** Adds rows with their progress. A row that is there already stays as it is. */
    void create(MappingKey key, List<CheckpointRow> rows);

    /**
     * Makes {@code owner} the owner of shards under their next epochs, each {@link CheckpointRow#underEpochAfter larger than any
     * before}. A shard is passed over if it has another epoch than this, so that somebody else has taken or replaced it, if a
     * transaction holds its row, or if it has none.
     *
     * @param epochs by shard
     * @return the rows that were taken, with their new epochs
     */
    List<CheckpointRow> takeOver(MappingKey key, Map<String, Long> epochs, String owner);

    /**
     * Gives shards up, so that nobody owns them; those that are not this owner's under these epochs stay as they are.
     *
     * @param epochs by shard
     */
    void release(MappingKey key, Map<String, Long> epochs, String owner);

    /** Who owns the shards of the namespace that are not finished. */
    List<ShardOwnership> unfinished(String namespace);

    /**
     * Writes the newest states, each only if its owner and epoch still hold. A missed one doesn't roll back the others.
     *
     * @return the updates that were not written because somebody else has the shard, or its row is gone, or because the store was
     *     restored from a state that lacks what the update relies on
     */
    List<CheckpointUpdate> save(List<CheckpointUpdate> updates);

    /** Sets rows to these states and progress under the next epoch and without an owner, adding those that are missing. */
    void replace(MappingKey key, List<CheckpointRow> rows);

    /**
     * Sets rows as {@link #replace} does, each only if it still has this row's epoch: nobody has taken or replaced it since it was
     * seen so.
     *
     * @return the rows that were set, with their new epochs
     */
    List<CheckpointRow> replaceSeen(MappingKey key, List<CheckpointRow> rows);

    /** Removes the rows of these shards. */
    void delete(MappingKey key, Collection<String> shards);
}
