package io.shardmill.poller.checkpoint.jdbc;

import javax.sql.DataSource;

/**
 * A pool that can be told that its connections are dead. H2 closes its database when the disk is full, and pools don't
 * notice that: they go on to lend the connections of the closed database. The stores look for this type with
 * {@link DataSource#isWrapperFor}. Thread-safe.
 */
public interface EvictingDataSource extends DataSource {

    /** Closes idle connections now, and others as soon as they are given back. */
    void evictConnections();
}
