package io.shardmill.poller.internal.reconcile;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.stream.StreamDescription;
import java.util.List;

/** What is known of a mapping's stream, and of the mapping's checkpoint rows on it. */
public sealed interface StreamView {

    /** This process has not seen the stream yet. */
    record Unseen() implements StreamView {}

    /** It was seen before, and the mapping has its rows. */
    record Seen() implements StreamView {}

    /**
     * It was read just now.
     *
     * @param rows the mapping's, on this incarnation of the stream
     * @param gone where the mapping still has rows on incarnations of the stream that this process has seen end
     * @param hasSuccessor whether another stream has come in place of this one, which is only read to its end
     */
    record Current(StreamDescription listing, List<CheckpointRow> rows, List<MappingKey> gone, boolean hasSuccessor)
            implements StreamView {

        public Current {
            rows = List.copyOf(rows);
            gone = List.copyOf(gone);
        }
    }
}
