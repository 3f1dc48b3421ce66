package io.shardmill.spring.backup;

import io.shardmill.runtime.files.DurableFiles;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The file {@code SHA256SUMS} of a folder, in the format of coreutils' {@code sha256sum}. */
final class Checksums {

    static final String FILE = "SHA256SUMS";

    private static final Pattern LINE = Pattern.compile("\\\\?([0-9a-f]{64})  (.+)");
    private static final int BUFFER_BYTES = 1 << 20;

    private Checksums() {}

    /** Forces all files of the folder to the disk, and the checksums last: with them the folder is whole. */
    static void write(Path folder) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String name : files(folder)) {
            lines.append(line(name, forced(folder.resolve(name)))).append('\n');
        }
        OwnerFolders.forceTree(folder);
        Path aside = folder.resolve(FILE + ".tmp");
        Files.writeString(aside, lines);
        forced(aside);
        Files.move(aside, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.forceFolder(folder);
    }

    /**
     * Checks every file of the folder.
     *
     * @return the checksums by relative name
     * @throws BackupException if a file is missing, was changed, or is not listed
     */
    static SortedMap<String, String> verify(Path folder) throws IOException {
        SortedMap<String, String> listed = read(folder.resolve(FILE));
        Set<String> present = files(folder);
        for (String name : listed.keySet()) {
            if (!present.contains(name)) {
                throw new BackupException(folder.resolve(name) + ": missing; take another copy of the backup");
            }
        }
        for (String name : present) {
            Path file = folder.resolve(name);
            String expected = listed.get(name);
            if (expected == null) {
                throw new BackupException(file + ": not listed in " + FILE + "; take another copy of the backup");
            }
            require(file, expected);
        }
        return listed;
    }

    /** @throws BackupException if the file has another checksum */
    private static void require(Path file, String expected) throws IOException {
        require(file, expected, of(file));
    }

    /** The same of a copy, which is forced to the disk. */
    static void forceAndRequire(Path copy, String expected) throws IOException {
        require(copy, expected, forced(copy));
    }

    private static void require(Path file, String expected, String actual) {
        if (!expected.equals(actual)) {
            throw new BackupException(file + ": damaged, its checksum differs; take another copy of the backup");
        }
    }

    private static SortedMap<String, String> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BackupException(file + ": missing; name the folder of a complete backup");
        }
        SortedMap<String, String> sums = new TreeMap<>();
        for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n", 0)) {
            Matcher sum = LINE.matcher(line);
            if (!sum.matches()) {
                throw new BackupException(
                        file + ": damaged, can't read '" + line + "'; take another copy of the backup");
            }
            sums.put(line.startsWith("\\") ? unescaped(sum.group(2)) : sum.group(2), sum.group(1));
        }
        return sums;
    }

    private static String line(String name, String sum) {
        String escaped = name.replace("\\", "\\\\").replace("\n", "\\n");
        return (escaped.equals(name) ? "" : "\\") + sum + "  " + escaped;
    }

    private static String unescaped(String name) {
        return Pattern.compile("\\\\(.)")
                .matcher(name)
                .replaceAll(escape -> escape.group(1).equals("n") ? "\n" : Matcher.quoteReplacement(escape.group(1)));
    }

    /** Relative names, sorted; symbolic links are none of a backup's. */
    private static Set<String> files(Path folder) throws IOException {
        try (Stream<Path> entries = Files.walk(folder)) {
            return entries.filter(entry -> Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS))
                    .map(entry -> folder.relativize(entry).toString().replace(File.separatorChar, '/'))
                    .filter(name -> !name.equals(FILE))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String forced(Path file) throws IOException {
        return of(file, StandardOpenOption.WRITE);
    }

    static String of(Path file) throws IOException {
        return of(file, StandardOpenOption.READ);
    }

    /** @param forced WRITE to force the file to the disk as well */
    private static String of(Path file, StandardOpenOption forced) throws IOException {
        MessageDigest digest = sha256();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, forced)) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            while (channel.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
            if (forced == StandardOpenOption.WRITE) {
                channel.force(true);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
