package io.shardmill.spring;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.shardmill.poller.checkpoint.jdbc.EvictingDataSource;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The checkpoints' connections, be the pool ours or the application's. Other pools than Hikari's are left to their own validation. */
final class CheckpointPool extends DelegatingDataSource implements EvictingDataSource {

    CheckpointPool(DataSource pool) {
        super(pool);
    }

    @Override
    public void evictConnections() {
        try {
            DataSource pool = obtainTargetDataSource();
            if (pool.isWrapperFor(HikariDataSource.class)) {
                HikariPoolMXBean running = pool.unwrap(HikariDataSource.class).getHikariPoolMXBean();
                if (running != null) {
                    running.softEvictConnections();
                }
            }
        } catch (SQLException unable) {
            throw new IllegalStateException(unable);
        }
    }
}
