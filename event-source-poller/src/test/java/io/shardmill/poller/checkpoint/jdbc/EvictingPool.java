package io.shardmill.poller.checkpoint.jdbc;

import java.nio.file.Path;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Evicts as the starter's pool does: idle connections are closed at once, and lent ones when they are given back. */
final class EvictingPool extends DelegatingDataSource implements EvictingDataSource, AutoCloseable {

    private final Path file;

    EvictingPool(Path file) {
        super(H2Files.open(file));
        this.file = file;
    }

    @Override
    public synchronized void evictConnections() {
        JdbcConnectionPool evicted = pool();
        setTargetDataSource(H2Files.open(file));
        evicted.dispose();
    }

    @Override
    public synchronized void close() {
        pool().dispose();
    }

    private JdbcConnectionPool pool() {
        return (JdbcConnectionPool) obtainTargetDataSource();
    }
}
