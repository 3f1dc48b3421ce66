package io.shardmill.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that holds {@link FolderMeta}; replaced as a whole, and durable when {@link #store} returns. */
final class MetadataFile {

    static final String NAME = "streams.meta";

    private final Path file;

    MetadataFile(Path folder) {
        this.file = folder.resolve(NAME);
    }

    FolderMeta load() throws IOException {
        if (!Files.exists(file)) {
            requireFresh();
            return FolderMeta.EMPTY;
        }
        try {
            return MetadataReader.read(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new StreamFolderException(
                    file + " can't be read, " + e.getMessage()
                            + ". Restore it from a copy; to give up all streams in it," + " delete its folder",
                    e);
        }
    }

    private void requireFresh() throws IOException {
        for (Path entry : DurableFiles.list(DurableFiles.folderOf(file))) {
            if (Files.isDirectory(entry)) {
                throw new StreamFolderException(file + " is missing but " + entry.getFileName()
                        + " lies beside it. Restore the file from a copy, or use an empty folder");
            }
        }
    }

    void store(FolderMeta meta) throws IOException {
        DurableFiles.replace(file, MetadataText.write(meta));
    }
}
