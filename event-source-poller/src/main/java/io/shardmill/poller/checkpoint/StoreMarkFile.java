package io.shardmill.poller.checkpoint;

import io.shardmill.runtime.files.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last seen {@link StoreMark} in a file, as one line of text with its checksum, and repeats it in a second one,
 * which tells of a store that was lost together with the first file.
 */
public final class StoreMarkFile {

    private static final Pattern LINE = Pattern.compile("([0-9a-f-]{36}) (\\d{1,18}) ([0-9a-f]{1,8})\n");

    private final Path file;
    private final @Nullable Path copy;

    public StoreMarkFile(Path file) {
        this(file, null);
    }

    /** @param copy written only if its folder exists; null for none */
    public StoreMarkFile(Path file, @Nullable Path copy) {
        this.file = file;
        this.copy = copy;
    }

    public Path path() {
        return file;
    }

    /**
     * Returns the mark, or null if there is no file and no copy of it.
     *
     * @throws DamagedCheckpointsException if the file holds anything else
     * @throws UncheckedIOException if it can't be read
     */
    public @Nullable StoreMark read() {
        StoreMark mark = read(file);
        return mark == null && copy != null ? read(copy) : mark;
    }

    private static @Nullable StoreMark read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            return null;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        Matcher line = LINE.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        if (!line.matches() || !checksum(line.group(1), line.group(2)).equals(line.group(3))) {
            throw new DamagedCheckpointsException(file + ": the file is damaged");
        }
        return new StoreMark(line.group(1), Long.parseLong(line.group(2)));
    }

    /**
     * Replaces the file, then the copy; durable when it returns.
     *
     * @throws UncheckedIOException if one can't be written; then that one is as it was
     */
    public void write(StoreMark mark) {
        write(file, mark);
        if (copy != null && Files.isDirectory(DurableFiles.folderOf(copy))) {
            write(copy, mark);
        }
    }

    private static void write(Path file, StoreMark mark) {
        String generation = Long.toString(mark.generation());
        String line = mark.id() + " " + generation + " " + checksum(mark.id(), generation) + "\n";
        try {
            DurableFiles.createFolders(DurableFiles.folderOf(file));
            DurableFiles.replace(file, line.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** Forgets the mark: the next store is taken as it is. */
    public void delete() {
        try {
            if (copy != null) {
                Files.deleteIfExists(copy);
            }
            Files.deleteIfExists(file);
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    private static String checksum(String id, String generation) {
        CRC32C crc = new CRC32C();
        crc.update((id + " " + generation).getBytes(StandardCharsets.ISO_8859_1));
        return Long.toHexString(crc.getValue());
    }
}
