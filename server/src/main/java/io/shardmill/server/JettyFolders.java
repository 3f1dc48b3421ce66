package io.shardmill.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private final Path folder;

    JettyFolders(@Value("${shardmill.data-dir:./data}") Path dataFolder) {
        this.folder = dataFolder.resolve("web");
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
        try {
            return Files.createDirectories(folder.resolve(name)).toFile();
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }
}
