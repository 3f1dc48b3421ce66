package io.shardmill.spring;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import javax.sql.DataSource;

/** Opens the one connection that heartbeats are sent by, to the application's database. */
final class HeartbeatPool {

    /** Well below the time after which a process without heartbeats is dead. */
    private static final long TIMEOUT_MILLIS = 1_500;

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(3);

    private HeartbeatPool() {}

    /** Opens nothing yet. */
    static HikariDataSource of(DataSource application) {
        HikariDataSource pool = DerivedPool.of(application, "shardmill-heartbeats", 1, READ_TIMEOUT);
        pool.setConnectionTimeout(TIMEOUT_MILLIS);
        pool.setValidationTimeout(TIMEOUT_MILLIS / 2);
        pool.setInitializationFailTimeout(-1);
        return pool;
    }
}
