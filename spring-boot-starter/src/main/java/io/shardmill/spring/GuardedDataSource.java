package io.shardmill.spring;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Lends connections only after the checkpoints were verified: a database that could not be reached at the start is verified later. */
final class GuardedDataSource extends DelegatingDataSource {

    private final Runnable verify;

    /** @param verify does nothing once it has succeeded; throws while it does not */
    GuardedDataSource(DataSource target, Runnable verify) {
        super(target);
        this.verify = verify;
    }

    @Override
    public Connection getConnection() throws SQLException {
        verify.run();
        return super.getConnection();
    }
}
