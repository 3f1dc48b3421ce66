package io.shardmill.spring;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.boot.jdbc.DataSourceBuilder;

/**
 * Opens the one connection that heartbeats are sent by, to the application's database. Nothing else uses it: handlers that hold all
 * connections of the application's pool must not make its process look dead.
 */
final class HeartbeatPool {

    /** Well below the time after which a process without heartbeats is dead. */
    private static final long TIMEOUT_MILLIS = 1_500;

    private HeartbeatPool() {}

    /** Opens nothing yet. */
    static HikariDataSource of(DataSource application) {
        HikariDataSource pool = copyOf(application);
        pool.setPoolName("shardmill-heartbeats");
        pool.setMaximumPoolSize(1);
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(TIMEOUT_MILLIS);
        pool.setValidationTimeout(TIMEOUT_MILLIS / 2);
        pool.setInitializationFailTimeout(-1);
        pool.setAutoCommit(true);
        if (pool.getJdbcUrl() != null && pool.getJdbcUrl().startsWith("jdbc:postgresql:")) {
            // Seconds. Without it, a connection that a network has silently dropped would block the thread for hours.
            pool.addDataSourceProperty("socketTimeout", "3");
        }
        return pool;
    }

    private static HikariDataSource copyOf(DataSource application) {
        try {
            if (application.isWrapperFor(HikariDataSource.class)) {
                HikariConfig settings = new HikariConfig();
                application.unwrap(HikariDataSource.class).copyStateTo(settings);
                settings.setMetricRegistry(null);
                settings.setHealthCheckRegistry(null);
                HikariDataSource copy = new HikariDataSource();
                settings.copyStateTo(copy);
                return copy;
            }
        } catch (SQLException noWrapper) {
            // Its URL and user are enough.
        }
        return DataSourceBuilder.derivedFrom(application)
                .type(HikariDataSource.class)
                .build();
    }
}
