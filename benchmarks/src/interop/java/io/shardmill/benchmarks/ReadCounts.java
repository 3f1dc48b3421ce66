package io.shardmill.benchmarks;

import java.util.List;
import java.util.Map;

/** What was counted of one order that a reader got. */
interface ReadCounts {

    /** Returns microseconds from put to function, of each record since the last call. */
    List<Long> takeLatencies();

    /** Returns the figures of {@link ReadFigures} by their names. */
    Map<String, Long> figures();
}
