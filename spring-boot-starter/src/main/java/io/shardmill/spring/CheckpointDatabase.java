package io.shardmill.spring;

import com.zaxxer.hikari.HikariDataSource;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import io.shardmill.poller.checkpoint.StoreMarkFile;
import io.shardmill.poller.checkpoint.jdbc.CheckpointGuard;
import io.shardmill.runtime.DaemonThreads;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeansException;
import org.springframework.core.NestedExceptionUtils;

/** Where checkpoints are kept: the application's own database, or one of ours in a file. */
final class CheckpointDatabase implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointDatabase.class);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    /** The age below which a copy that is put back after a kill is not noticed. */
    private static final Duration MARK_INTERVAL = Duration.ofMinutes(1);

    /** Longer than a database of this process takes to open, and short enough for a stop while it can't be. */
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(5);

    /** As long as saves may fail before shards stop. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    /** For a writer that saves, and for whatever else asks meanwhile. */
    private static final int CONNECTIONS = 2;

    private final CheckpointPool pool;
    private final DatabaseUrl url;

    /** The application's own, in which its functions write; null for a file of ours. */
    private final @Nullable DataSource application;

    /** Null for a database in memory: it is new at each start. */
    private final @Nullable CheckpointGuard guard;

    private final @Nullable CheckpointMarkTimer markTimer;

    /** Null for the application's database. */
    private final @Nullable Path file;

    private CheckpointDatabase(
            CheckpointPool pool,
            DatabaseUrl url,
            @Nullable DataSource application,
            @Nullable CheckpointGuard guard,
            @Nullable Path file) {
        this.pool = pool;
        this.url = url;
        this.application = application;
        this.guard = guard;
        this.markTimer = guard == null ? null : new CheckpointMarkTimer(guard, MARK_INTERVAL);
        this.file = file;
    }

    /**
     * The application's own, which others may share: only the rows of the namespace are verified, and deleted.
     *
     * @param folder keeps the mark of what was seen last, a file for each database that is not in memory
     */
    static CheckpointDatabase ofApplication(DataSource dataSource, String namespace, Supplier<Path> folder) {
        LOG.info("Checkpoints are kept in the application's database");
        DatabaseUrl url = DatabaseUrl.of(dataSource);
        boolean isServer = !url.isInProcess();
        CheckpointPool pool = new CheckpointPool(
                isServer ? DerivedPool.of(dataSource, "shardmill-checkpoints", CONNECTIONS, READ_TIMEOUT) : dataSource);
        if (url.isInMemory()) {
            LOG.warn("The application's database is in memory: checkpoints go with this process, and its mappings begin"
                    + " again at their starting-position when it is started. Set spring.datasource.url to a file,"
                    + " such as jdbc:h2:retry:./data/application, to keep them");
            return new CheckpointDatabase(pool, url, dataSource, null, null);
        }
        if (url.isClosedByInterrupts()) {
            LOG.warn(
                    "A function that is interrupted, at its timeout, while it uses this H2 database closes the file for"
                            + " everybody: write its URL as jdbc:h2:retry:<path>, which opens it again");
        }
        CRC32C crc = new CRC32C();
        crc.update(url.withoutSettings().getBytes(StandardCharsets.UTF_8));
        String name = "%s-%08x.mark".formatted(DataFolder.CHECKPOINTS, crc.getValue());
        CheckpointGuard guard = new CheckpointGuard(
                new CheckpointGuard.Database(pool, url.withoutSettings(), namespace, isServer),
                mark(folder, name, isServer));
        return new CheckpointDatabase(pool, url, dataSource, guard, null);
    }

    /** Null if a server's can't be kept: a container may have no folder to write to. */
    private static @Nullable StoreMarkFile mark(Supplier<Path> folder, String name, boolean isServer) {
        try {
            return new StoreMarkFile(folder.get().resolve(name));
        } catch (BeansException | ShardmillConfigurationException unusable) {
            if (!isServer) {
                throw unusable;
            }
            LOG.warn(
                    "Missing or older checkpoints are not noticed, because the data folder can't be used: {}",
                    NestedExceptionUtils.getMostSpecificCause(unusable).getMessage());
            return null;
        }
    }

    /**
     * H2 in a file. {@code retry:} opens the file again after an interrupt in it closed it; H2's own exit hook
     * would close it before the last checkpoints are written. One connection and no write delay: a write of the file
     * beside another connection's transaction, followed by {@code kill -9}, can leave rows locked for ever (H2 2.4).
     */
    static CheckpointDatabase inFile(Path folder) {
        Path file = folder.toAbsolutePath().normalize().resolve(DataFolder.CHECKPOINTS + ".mv.db");
        LOG.info("Checkpoints are kept in {}", file);
        HikariDataSource own = pool(file);
        CheckpointPool pool = new CheckpointPool(own);
        CheckpointGuard guard = new CheckpointGuard(
                new CheckpointGuard.Database(pool, file.toString(), null, false), markOfFile(folder));
        return new CheckpointDatabase(pool, new DatabaseUrl(own.getJdbcUrl()), null, guard, file);
    }

    /** Repeated beside the streams: records without checkpoints that were there once are no new data folder. */
    private static StoreMarkFile markOfFile(Path folder) {
        String name = DataFolder.CHECKPOINTS + ".mark";
        return new StoreMarkFile(
                folder.resolve(name), folder.resolve(DataFolder.STREAMS).resolve(name));
    }

    private static HikariDataSource pool(Path file) {
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName("shardmill-checkpoints");
        String path = file.toString().replaceFirst("\\.mv\\.db$", "");
        pool.setJdbcUrl("jdbc:h2:retry:" + path + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0");
        pool.setUsername("sa");
        pool.setPassword("");
        pool.setMaximumPoolSize(1);
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
        return pool;
    }

    /**
     * Verifies the checkpoints and creates their tables; returns what lends connections to them.
     *
     * @throws ShardmillConfigurationException if they are damaged, missing or older than those last seen, and the recovery
     *     doesn't accept that
     */
    DataSource open(CheckpointTables tables, CheckpointRecovery recovery) {
        if (recovery != CheckpointRecovery.REFUSE) {
            LOG.warn(
                    "{} is {}: remove it once this start has succeeded, or damage is accepted at each start",
                    CheckpointRecovery.PROPERTY,
                    recovery);
        }
        if (guard == null) {
            tables.prepare(this);
            return pool;
        }
        CheckpointGuard verified = guard;
        Runnable verify = () -> verified.open(() -> tables.prepare(this), recovery == CheckpointRecovery.ACCEPT_OLDER);
        try {
            verify.run();
        } catch (DamagedCheckpointsException damaged) {
            if (recovery != CheckpointRecovery.BEGIN_ANEW) {
                throw recovery.refusal(damaged);
            }
            LOG.warn("{}. The checkpoints begin anew, as configured", damaged.getMessage());
            beginAnew(verified, verify, () -> tables.prepare(this));
        } catch (CheckpointStoreException unusable) {
            throwUnlessWaitedFor(unusable);
            return new GuardedDataSource(pool, verify, unusable);
        }
        return new GuardedDataSource(pool, verify, null);
    }

    /** A server may come back; a database of this process does not by itself. */
    private void throwUnlessWaitedFor(CheckpointStoreException unusable) {
        if (unusable.getCause() instanceof ShardmillConfigurationException misconfigured) {
            throw misconfigured;
        }
        if (isEmbedded()) {
            throw new ShardmillConfigurationException(
                    file == null ? "spring.datasource.url" : "shardmill.data-dir", unusable);
        }
        LOG.warn("The checkpoints are verified when the database can be reached: {}", unusable.getMessage());
    }

    /** A file of ours is set aside. In a database that others may share, only what is damaged in itself goes, if it is ours. */
    private void beginAnew(CheckpointGuard begun, Runnable verify, Runnable createTables) {
        if (file != null) {
            DataSource damaged = pool.getTargetDataSource();
            if (damaged instanceof HikariDataSource open) {
                open.close();
            }
            pool.setTargetDataSource(pool(file));
            DamagedFile.setAside(file);
        }
        begun.forget();
        try {
            verify.run();
        } catch (DamagedCheckpointsException damagedInItself) {
            if (file != null) {
                throw damagedInItself;
            }
            begun.clear(createTables);
            verify.run();
        }
    }

    /** Returns where the application's functions write, if that is the database of the checkpoints; else null. */
    @Nullable
    DataSource application() {
        return application;
    }

    /** The pool, without any verification. */
    DataSource pool() {
        return pool;
    }

    /** Whether it holds nothing but checkpoints of this data folder. */
    boolean isOurs() {
        return file != null;
    }

    /** Returns its file, if it is one of H2's that this process opens, or null. */
    @Nullable
    Path h2File() {
        return CheckpointFileUrl.file(url.text());
    }

    /** Whether it lives in this process, in memory or in a file. */
    boolean isEmbedded() {
        return url.isInProcess();
    }

    /** Opens a connection of its own for heartbeats. */
    HikariDataSource heartbeats() {
        return HeartbeatPool.of(Objects.requireNonNull(pool.getTargetDataSource(), "closed"));
    }

    /** Records the clean stop, unless the database doesn't answer, and closes a pool of ours. */
    @Override
    public void close() {
        if (markTimer != null) {
            markTimer.close();
        }
        if (guard != null) {
            closeInTime(guard);
        }
        if (pool.getTargetDataSource() != application && pool.getTargetDataSource() instanceof HikariDataSource own) {
            own.close();
        }
    }

    private static void closeInTime(CheckpointGuard guard) {
        CountDownLatch closed = new CountDownLatch(1);
        DaemonThreads.named("shardmill-checkpoints-close")
                .newThread(() -> {
                    guard.close();
                    closed.countDown();
                })
                .start();
        try {
            if (!closed.await(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The clean stop of the checkpoints could not be recorded within {}", CLOSE_TIMEOUT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
