package io.shardmill.poller.checkpoint.jdbc;

import java.nio.file.Path;
import org.h2.jdbcx.JdbcConnectionPool;

/** H2 in a file, opened as the starter opens it. */
final class H2Files {

    private H2Files() {}

    static JdbcConnectionPool open(Path file) {
        return JdbcConnectionPool.create("jdbc:h2:retry:" + file + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0", "sa", "");
    }
}
