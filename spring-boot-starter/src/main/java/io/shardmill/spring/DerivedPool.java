package io.shardmill.spring;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.boot.jdbc.DataSourceBuilder;

/**
 * Makes small pools of connections to the application's database. Nothing else uses them: handlers that hold all connections of
 * the application's pool must keep no checkpoint from being saved, and no process from looking alive.
 */
final class DerivedPool {

    private DerivedPool() {}

    /**
     * Opens nothing yet.
     *
     * @param readTimeout how long PostgreSQL may take to answer, in whole seconds: a connection that the network has silently dropped
     *     would block its thread for a quarter of an hour, or for ever
     */
    static HikariDataSource of(DataSource application, String name, int connections, Duration readTimeout) {
        HikariDataSource pool = copyOf(application);
        pool.setPoolName(name);
        pool.setMaximumPoolSize(connections);
        pool.setMinimumIdle(1);
        pool.setAutoCommit(true);
        String url = pool.getJdbcUrl();
        if (url != null && url.startsWith("jdbc:postgresql:")) {
            // Not one of the pool's properties: a copy shares these with the application's pool.
            pool.setJdbcUrl(url + (url.contains("?") ? "&" : "?") + "socketTimeout=" + readTimeout.toSeconds());
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
