package io.shardmill.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Keeps the web server's folders inside the data folder: in the system's temporary directory, each killed server would
 * leave some behind. Both stay empty.
 */
@Component
final class JettyFolders implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {

    /** The web server may be the first to need the data folder, which is closed to other users. */
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path dataFolder;

    JettyFolders(@Value("${shardmill.data-dir:./data}") Path dataFolder) {
        this.dataFolder = dataFolder.toAbsolutePath();
    }

    @Override
    public void customize(JettyServletWebServerFactory factory) {
        factory.getSettings().setDocumentRoot(created("root"));
        factory.addServerCustomizers(
                server -> server.getDescendants(WebAppContext.class).forEach(context -> {
                    context.setTempDirectory(created("temp"));
                    context.setTempDirectoryPersistent(true); // a second server on this folder must not delete it
                }));
    }

    private File created(String name) {
        boolean posix = dataFolder.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] permissions = posix ? new FileAttribute<?>[] {OWNER_ONLY} : new FileAttribute<?>[0];
        try {
            Files.createDirectories(Objects.requireNonNull(dataFolder.getParent()));
            return Files.createDirectories(dataFolder.resolve("web").resolve(name), permissions)
                    .toFile();
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }
}
