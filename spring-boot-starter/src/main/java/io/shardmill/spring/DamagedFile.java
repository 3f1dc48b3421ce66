package io.shardmill.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a damaged file under another name. */
final class DamagedFile {

    private static final Logger LOG = LoggerFactory.getLogger(DamagedFile.class);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss'Z'").withZone(ZoneOffset.UTC);

    private DamagedFile() {}

    /** Renames the file, which may be missing. */
    static void setAside(Path file) {
        try {
            if (Files.exists(file)) {
                Path aside = unused(file, TIME.format(Instant.now()));
                Files.move(file, aside);
                LOG.warn("The damaged file is kept as {}", aside);
            }
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    /** Never one that is there: it may be the only copy of what was damaged before. */
    private static Path unused(Path file, String time) {
        Path aside = file.resolveSibling(file.getFileName() + ".damaged-" + time);
        for (int number = 2; Files.exists(aside); number++) {
            aside = file.resolveSibling(file.getFileName() + ".damaged-" + time + "-" + number);
        }
        return aside;
    }
}
