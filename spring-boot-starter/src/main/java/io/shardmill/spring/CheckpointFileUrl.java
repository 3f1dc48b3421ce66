package io.shardmill.spring;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import io.shardmill.poller.checkpoint.jdbc.CheckpointBackup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The URL of an H2 file with checkpoints, which are imported before anything is read.
 *
 * @param settings those of the URL, which may hold a password, each with a semicolon before it
 */
record CheckpointFileUrl(Path file, String settings) {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFileUrl.class);
    private static final String PROPERTY = "shardmill.checkpoints.import-from";
    private static final String SUFFIX = ".mv.db";

    /** A path, with the prefixes of file systems that are ordinary files; not of servers, memory, archives. */
    private static final Pattern URL =
            Pattern.compile("jdbc:h2:(?:(?:retry|file|nio|async):)*(?!\\w{2,}:)([^;]+)((?:;.*)?)", Pattern.DOTALL);

    /** @throws ShardmillConfigurationException if it isn't the URL of a file, or is that of this database */
    static CheckpointFileUrl of(String url, CheckpointDatabase database) {
        Matcher parsed = URL.matcher(url);
        Path file = file(url);
        if (file == null || !parsed.matches()) {
            throw refused(
                    url, "must be jdbc:h2: and the path of a file without .mv.db, such as jdbc:h2:./data/checkpoints");
        }
        if (file.equals(database.h2File())) {
            throw refused(url, "is the database that the application keeps its checkpoints in; remove the property");
        }
        return new CheckpointFileUrl(file, parsed.group(2));
    }

    /** Returns the file that a URL of H2 names, or null if it names none. */
    static @Nullable Path file(String url) {
        Matcher parsed = URL.matcher(url);
        return parsed.matches()
                ? Path.of(parsed.group(1).replaceFirst("^~", Matcher.quoteReplacement(System.getProperty("user.home")))
                                + SUFFIX)
                        .toAbsolutePath()
                        .normalize()
                : null;
    }

    /**
     * Copies the rows of a namespace, unless there are some already.
     *
     * @throws ShardmillConfigurationException if that is not possible; then there are none
     */
    void importInto(CheckpointBackup database, String namespace) {
        if (hasAny(database, namespace)) {
            LOG.info(
                    "{}: nothing was imported, because there are checkpoints of namespace '{}' already; remove the property",
                    PROPERTY,
                    namespace);
            return;
        }
        if (!Files.exists(file)) {
            throw refused(
                    name(),
                    "there is no file " + file + "; correct the path, or remove the property to begin without"
                            + " its checkpoints");
        }
        SingleConnectionDataSource source = open();
        try {
            int rows = database.add(namespace, source);
            if (rows == 0) {
                throw refused(
                        name(),
                        "has no checkpoints of namespace '" + namespace
                                + "'; set shardmill.namespace to the one that the application had, or remove the property");
            }
            LOG.info("{}: imported {} rows of namespace '{}' from {}", PROPERTY, rows, namespace, file);
        } catch (DamagedCheckpointsException damaged) {
            throw refused(
                    name(),
                    damaged.getMessage() + "; put back a copy that is whole, or remove the property to begin"
                            + " without its checkpoints");
        } catch (CheckpointStoreException | IllegalArgumentException unusable) {
            throw refused(
                    name(),
                    "can't be imported: " + unusable.getMessage()
                            + "; stop what has the file open, and see that user and password are those of the URL");
        } finally {
            source.destroy();
        }
    }

    private boolean hasAny(CheckpointBackup database, String namespace) {
        try {
            return database.has(namespace);
        } catch (CheckpointStoreException unreachable) {
            throw refused(
                    name(),
                    "can't be imported into a database that can't be read: " + unreachable.getMessage()
                            + "; start again when it can");
        }
    }

    private SingleConnectionDataSource open() {
        String path = file.toString();
        String url = "jdbc:h2:" + path.substring(0, path.length() - SUFFIX.length()) + settings
                + ";IFEXISTS=TRUE;DB_CLOSE_ON_EXIT=FALSE";
        boolean hasUser = settings.toUpperCase(Locale.ROOT).contains(";USER=");
        return hasUser
                ? new SingleConnectionDataSource(url, true)
                : new SingleConnectionDataSource(url, "sa", "", true);
    }

    /** Returns the URL without its settings. */
    private String name() {
        return "jdbc:h2:" + file.toString().replaceFirst(Pattern.quote(SUFFIX) + "$", "");
    }

    private static ShardmillConfigurationException refused(String url, String problem) {
        return new ShardmillConfigurationException(PROPERTY, url.split("[;?]", 2)[0] + "; " + problem);
    }
}
