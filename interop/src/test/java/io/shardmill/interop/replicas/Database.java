package io.shardmill.interop.replicas;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import javax.sql.DataSource;

/** PostgreSQL with its data in a folder, which can be restarted. */
final class Database implements AutoCloseable {

    private final Path folder;
    private EmbeddedPostgres server;

    Database(Path folder) {
        this.folder = folder;
        this.server = start(EmbeddedPostgres.builder());
    }

    private EmbeddedPostgres start(EmbeddedPostgres.Builder builder) {
        try {
            return builder.setDataDirectory(folder).setCleanDataDirectory(false).start();
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    int port() {
        return server.getPort();
    }

    /**
     * Makes a connection for each use: no restart breaks it.
     *
     * @param schema where tables are made, and looked for first
     */
    DataSource dataSource(String schema) {
        return server.getDatabase("postgres", "postgres", Map.of("currentSchema", schema + ",public"));
    }

    /** On the same port. Transactions that are open are rolled back. */
    void restart() {
        int port = port();
        close();
        server = start(EmbeddedPostgres.builder().setPort(port));
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }
}
