package io.shardmill.lambda.deploy;

import io.shardmill.lambda.DeploymentException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.ZipException;

/**
 * Checks how many entries an archive has and how deep they are, without keeping any of them: a library that opens an archive
 * reads its whole directory (APPNOTE 4.3.12 to 4.3.16). The number in the archive's own header is not trusted.
 */
final class ZipDirectory {

    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;

    /** The format's longest comment, and a little more than any reader looks back. */
    private static final int MAX_COMMENT = 0xFFFF + 1024;

    private static final int LOCATOR_64 = 0x07064b50;
    private static final int LOCATOR_64_BYTES = 20;
    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_BYTES = 46;

    private final FileChannel archive;

    private ZipDirectory(FileChannel archive) {
        this.archive = archive;
    }

    /**
     * @throws DeploymentException if it has more entries, or may have, or folders within too many others
     * @throws IOException if it is not an archive
     */
    static void requireAtMost(int entries, Path archive) throws IOException {
        try (FileChannel channel = FileChannel.open(archive)) {
            new ZipDirectory(channel).requireAtMost(entries);
        }
    }

    private void requireAtMost(int entries) throws IOException {
        long end = findEnd();
        ByteBuffer record = read(end, END_BYTES);
        if (is64(end, record)) {
            throw new DeploymentException(
                    "it is a zip file of the 64-bit form, as only those of more than 65,534 files and"
                            + " folders or 4 GB must be");
        }
        long bytes = Integer.toUnsignedLong(record.getInt(12));
        if (bytes > end) {
            throw new ZipException("its directory is damaged");
        }
        count(end - bytes, bytes, entries);
    }

    /** Returns whether a reader could look for another directory than this end's own. */
    private boolean is64(long end, ByteBuffer record) throws IOException {
        return record.getShort(10) == -1
                || record.getInt(12) == -1
                || record.getInt(16) == -1
                || (end >= LOCATOR_64_BYTES
                        && read(end - LOCATOR_64_BYTES, LOCATOR_64_BYTES).getInt(0) == LOCATOR_64);
    }

    /** The last one, which is the one that counts; nothing but its comment may follow. */
    private long findEnd() throws IOException {
        long size = archive.size();
        int length = (int) Math.min(size, END_BYTES + MAX_COMMENT);
        ByteBuffer tail = read(size - length, length);
        for (int at = length - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END) {
                if (at + END_BYTES + Short.toUnsignedInt(tail.getShort(at + 20)) != length) {
                    throw new ZipException("there is something after its end");
                }
                return size - length + at;
            }
        }
        throw new ZipException("it has no end of a zip file");
    }

    private void count(long start, long bytes, int most) throws IOException {
        DataInputStream directory =
                new DataInputStream(new BufferedInputStream(Channels.newInputStream(archive.position(start)), 1 << 16));
        byte[] header = new byte[ENTRY_BYTES];
        ByteBuffer entry = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        int entries = 0;
        for (long left = bytes; left > 0; left -= ENTRY_BYTES) {
            directory.readFully(header);
            if (entry.getInt(0) != ENTRY) {
                throw new ZipException("its directory is damaged");
            }
            entries++;
            if (entries > most) {
                throw new DeploymentException("it holds more than " + most + " files and folders");
            }
            int name = Short.toUnsignedInt(entry.getShort(28));
            int rest = Short.toUnsignedInt(entry.getShort(30)) + Short.toUnsignedInt(entry.getShort(32));
            requireShallow(directory.readNBytes(name));
            directory.skipNBytes(rest);
            left -= name + rest;
        }
    }

    private static void requireShallow(byte[] name) {
        int separators = 0;
        for (byte each : name) {
            separators += each == '/' || each == '\\' ? 1 : 0;
        }
        if (separators > CodeBounds.MAX_DEPTH) {
            throw new DeploymentException("folders are nested more than " + CodeBounds.MAX_DEPTH + " levels deep");
        }
    }

    private ByteBuffer read(long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (archive.read(bytes, position + bytes.position()) < 0) {
                throw new EOFException("it ends too early");
            }
        }
        return bytes.flip();
    }
}
