package io.shardmill.spring;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JDBC URL of a database, and what it says of where that is.
 *
 * @param text empty if only the database knows it and could not be reached
 */
record DatabaseUrl(String text) {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseUrl.class);

    private static final Pattern MADE_UP = Pattern.compile("jdbc:h2:mem:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}.*");
    private static final Pattern IN_PROCESS = Pattern.compile("jdbc:h2:(?!tcp:|ssl:).*");
    private static final Pattern IN_MEMORY = Pattern.compile("jdbc:h2:mem:.*");
    private static final Pattern CLOSED_BY_INTERRUPTS = Pattern.compile("jdbc:h2:(?!mem:|tcp:|ssl:|retry:).*");

    static DatabaseUrl of(DataSource dataSource) {
        try {
            String configured = dataSource.isWrapperFor(HikariDataSource.class)
                    ? dataSource.unwrap(HikariDataSource.class).getJdbcUrl()
                    : null;
            if (configured != null) {
                return new DatabaseUrl(configured);
            }
        } catch (SQLException noWrapper) {
            // The database is asked.
        }
        try (Connection connection = dataSource.getConnection()) {
            return new DatabaseUrl(connection.getMetaData().getURL());
        } catch (SQLException unreachable) {
            LOG.warn("The application's database can't be reached: {}", unreachable.getMessage());
            return new DatabaseUrl("");
        }
    }

    /** Whether it is the one Boot makes up, in memory under a random name, for an application that configures none. */
    boolean isMadeUp() {
        return MADE_UP.matcher(text).matches();
    }

    /** Whether the database lives in this process, in memory or in a file. */
    boolean isInProcess() {
        return IN_PROCESS.matcher(text).matches();
    }

    boolean isInMemory() {
        return IN_MEMORY.matcher(text).matches();
    }

    /** Whether an interrupt in the database closes its file for everybody. */
    boolean isClosedByInterrupts() {
        return CLOSED_BY_INTERRUPTS.matcher(text).matches();
    }

    /** Settings may hold a password. */
    String withoutSettings() {
        return text.split("[;?]", 2)[0];
    }
}
