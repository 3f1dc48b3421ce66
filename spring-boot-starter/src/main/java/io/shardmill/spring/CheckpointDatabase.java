package io.shardmill.spring;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where checkpoints are kept: the application's own database, or one of ours in a file. */
final class CheckpointDatabase implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointDatabase.class);

    private static final Pattern MADE_UP = Pattern.compile("jdbc:h2:mem:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}.*");
    private static final Pattern IN_PROCESS = Pattern.compile("jdbc:h2:(?!tcp:|ssl:).*");

    private static final Pattern IN_MEMORY = Pattern.compile("jdbc:h2:mem:.*");

    private static final Pattern CLOSED_BY_INTERRUPTS = Pattern.compile("jdbc:h2:(?!mem:|tcp:|ssl:|retry:).*");

    private final DataSource dataSource;
    private final Runnable close;

    private CheckpointDatabase(DataSource dataSource, Runnable close) {
        this.dataSource = dataSource;
        this.close = close;
    }

    static CheckpointDatabase ofApplication(DataSource dataSource) {
        LOG.info("Checkpoints are kept in the application's database");
        String url = url(dataSource);
        if (IN_MEMORY.matcher(url).matches()) {
            LOG.warn("The application's database is in memory: checkpoints go with this process, and its mappings begin"
                    + " again at their starting-position when it is started. Set spring.datasource.url to a file,"
                    + " such as jdbc:h2:retry:./data/application, to keep them");
        }
        if (CLOSED_BY_INTERRUPTS.matcher(url).matches()) {
            LOG.warn(
                    "A function that is interrupted, at its timeout, while it uses this H2 database closes the file for"
                            + " everybody: write its URL as jdbc:h2:retry:<path>, which opens it again");
        }
        return new CheckpointDatabase(dataSource, () -> {});
    }

    /**
     * H2 in a file. {@code retry:} opens the file again after an interrupt in it closed it; H2's own exit hook
     * would close it before the last checkpoints are written. One connection and no write delay: a write of the file
     * beside another connection's transaction, followed by {@code kill -9}, can leave rows locked for ever (H2 2.4).
     */
    static CheckpointDatabase inFile(Path folder) {
        Path file = folder.toAbsolutePath().normalize().resolve(DataFolder.CHECKPOINTS);
        LOG.info("Checkpoints are kept in {}.mv.db", file);
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName("shardmill-checkpoints");
        pool.setJdbcUrl("jdbc:h2:retry:" + file + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0");
        pool.setUsername("sa");
        pool.setPassword("");
        pool.setMaximumPoolSize(1);
        pool.setMinimumIdle(1);
        return new CheckpointDatabase(pool, pool::close);
    }

    /** Whether it is the one Boot makes up, in memory under a random name, for an application that configures none. */
    static boolean isMadeUp(DataSource dataSource) {
        return MADE_UP.matcher(url(dataSource)).matches();
    }

    DataSource dataSource() {
        return dataSource;
    }

    /** Whether it lives in this process, in memory or in a file. */
    boolean isEmbedded() {
        return IN_PROCESS.matcher(url(dataSource)).matches();
    }

    /** Its URL, or an empty text if it can't be reached now. */
    private static String url(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            return connection.getMetaData().getURL();
        } catch (SQLException unreachable) {
            LOG.warn("The application's database can't be reached: {}", unreachable.getMessage());
            return "";
        }
    }

    @Override
    public void close() {
        close.run();
    }
}
