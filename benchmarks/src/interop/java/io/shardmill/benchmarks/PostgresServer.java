package io.shardmill.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.shardmill.poller.checkpoint.jdbc.CheckpointSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import org.springframework.jdbc.core.JdbcTemplate;

/** A PostgreSQL server on this machine, whose commits are on the disk when they are answered. */
final class PostgresServer implements AutoCloseable {

    private final EmbeddedPostgres server;

    PostgresServer() throws IOException {
        this.server = EmbeddedPostgres.builder().setServerConfig("fsync", "on").start();
        try (HikariDataSource pool = pool(1)) {
            CheckpointSchema.create(pool);
            new JdbcTemplate(pool).execute("create table balance (account varchar(40) primary key, cents bigint)");
        }
    }

    HikariDataSource pool(int connections) {
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSource(server.getPostgresDatabase());
        pool.setMaximumPoolSize(connections);
        return pool;
    }

    /** Forgets all mappings and members. */
    void clear() {
        try (HikariDataSource pool = pool(1)) {
            new JdbcTemplate(pool)
                    .execute("truncate shardmill_checkpoint, shardmill_mapping, shardmill_lane, shardmill_member,"
                            + " shardmill_member_mapping, balance");
        }
    }

    /** Nanoseconds of processor time that the processes of servers here have used, but for those that have ended. */
    static long cpuNanos() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("postgres"))
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .mapToLong(Duration::toNanos)
                .sum();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
