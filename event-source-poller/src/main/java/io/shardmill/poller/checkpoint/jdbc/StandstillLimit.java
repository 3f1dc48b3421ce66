package io.shardmill.poller.checkpoint.jdbc;

import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Ends transactions whose process stands still, or is cut off, before the commit. Until then PostgreSQL keeps their locks: the
 * member could not be removed that sent a heartbeat, nor its shards be taken. H2's server ends them with the connection.
 * Thread-safe.
 */
final class StandstillLimit {

    /** Less than the time to live of a member, so that it is over when other processes take it for dead. */
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final JdbcTemplate jdbc;
    private volatile @Nullable Boolean isPostgres;

    StandstillLimit(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /** To be called first in a transaction: it holds for that alone. */
    void begin() {
        if (isPostgres()) {
            jdbc.execute("set local idle_in_transaction_session_timeout = " + LIMIT.toMillis());
        }
    }

    /** Asks the database once what it is. */
    private boolean isPostgres() {
        Boolean known = isPostgres;
        if (known == null) {
            ConnectionCallback<String> product =
                    connection -> connection.getMetaData().getDatabaseProductName();
            known = "PostgreSQL".equals(jdbc.execute(product));
            isPostgres = known;
        }
        return known;
    }
}
