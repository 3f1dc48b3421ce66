package io.shardmill.poller.stream;

import io.shardmill.function.SequenceNumber;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads one shard in its order, from a position on. Used by one thread at a time (the shard's turn).
 *
 * <p>Never blocks: a reader that has records at hand answers with them at once; one that must wait
 * answers {@link ReadResult.Nothing}, fetches, and calls its wake-up. It keeps reading on from the last record it gave.
 */
public interface ShardReader extends AutoCloseable {

    /**
     * The next records.
     *
     * @param maxRecords 1 to 10,000
     * @param maxBytes about how many bytes of data at most; one record is given even if it is larger
     */
    ReadResult read(int maxRecords, int maxBytes);

    /**
     * Returns how many of the shard's records it has not given yet, at most; empty if that is not known without waiting. May be
     * called after any read.
     */
    OptionalLong recordsBehind();

    /**
     * Returns how far the last answer was behind the shard's newest record, for a source that tells a time and not a number of records;
     * empty if that is not known. May be called after any read.
     */
    default OptionalLong millisBehindLatest() {
        return OptionalLong.empty();
    }

    /** Makes the next {@link ReadResult.Nothing} that is caught up be so as of now, where an earlier answer could be given. */
    default void refresh() {}

    /**
     * Learns what the checkpoint says durably: where a shard begins, and after each save.
     *
     * @param number all records up to this one are finished; null if that is known of none
     * @param ahead what else is finished, as text that {@link GroupPosition#ahead} gives back; empty if nothing
     */
    default void finished(@Nullable SequenceNumber number, String ahead) {}

    /** Gives back what it holds; no wake-up is started after it. */
    @Override
    void close();
}
