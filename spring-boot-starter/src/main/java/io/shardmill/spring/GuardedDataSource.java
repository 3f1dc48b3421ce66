package io.shardmill.spring;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Lends connections only after the checkpoints were verified: a database that could not be reached at the start is verified
 * later, by one thread at a time. The others fail at once meanwhile, as the last verification did.
 */
final class GuardedDataSource extends DelegatingDataSource {

    private final Runnable verify;
    private final Lock verifying = new ReentrantLock();
    private volatile boolean isVerified;
    private volatile @Nullable RuntimeException lastFailure;

    /**
     * @param verify throws while the checkpoints can't be verified
     * @param atStart why they could not be verified at the start; null if they were
     */
    GuardedDataSource(DataSource target, Runnable verify, @Nullable RuntimeException atStart) {
        super(target);
        this.verify = verify;
        this.lastFailure = atStart;
        this.isVerified = atStart == null;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (!isVerified) {
            verify();
        }
        return super.getConnection();
    }

    private void verify() {
        if (!verifying.tryLock()) {
            throw new CheckpointStoreException("The checkpoints are being verified", lastFailure);
        }
        try {
            if (!isVerified) {
                verify.run();
                isVerified = true;
            }
        } catch (RuntimeException failure) {
            lastFailure = failure;
            throw failure;
        } finally {
            verifying.unlock();
        }
    }
}
