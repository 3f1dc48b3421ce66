package io.shardmill.lambda.deploy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Zip files, good and bad ones. */
final class Archives {

    private static final int CENTRAL_ENTRY = 0x02014b50;
    private static final int END_BYTES = 22;
    private static final int MADE_BY = 4;
    private static final int MODE = 40;
    private static final short UNIX = 3 << 8;

    static final int EXECUTABLE = 0100755;
    static final int LINK = 0120777;

    private Archives() {}

    /** With entries of these names and contents. */
    static Path zip(Path file, Map<String, String> entries) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    /** Has it say that it has so many entries. */
    static void withCount(Path zip, int entries) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(zip)).order(ByteOrder.LITTLE_ENDIAN);
        int end = bytes.limit() - END_BYTES;
        bytes.putShort(end + 8, (short) entries);
        bytes.putShort(end + 10, (short) entries);
        Files.write(zip, bytes.array());
    }

    /** Gives all entries a Unix mode, as the zip command does. */
    static Path withMode(Path zip, int mode) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(zip)).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < bytes.limit() - Integer.BYTES; at++) {
            if (bytes.getInt(at) == CENTRAL_ENTRY) {
                bytes.putShort(at + MADE_BY, (short) (UNIX | 30));
                bytes.putShort(at + MODE, (short) mode);
            }
        }
        Files.write(zip, bytes.array());
        return zip;
    }
}
