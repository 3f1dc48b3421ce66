package io.shardmill.spring;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.boot.jdbc.DataSourceBuilder;

/**
 * Makes small pools of connections to the application's database. Nothing else uses them: handlers that hold all connections of
 * the application's pool must keep no checkpoint from being saved, and no process from looking alive.
 */
final class DerivedPool {

    private DerivedPool() {}

    /** Opens nothing yet. */
    static HikariDataSource of(DataSource application, String name, int connections) {
        HikariDataSource pool = copyOf(application);
        pool.setPoolName(name);
        pool.setMaximumPoolSize(connections);
        pool.setMinimumIdle(1);
        pool.setAutoCommit(true);
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
