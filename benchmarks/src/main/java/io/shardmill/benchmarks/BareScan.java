package io.shardmill.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Walks over a segment file's frames and checks each CRC, making nothing of them: what the hardware allows. */
final class BareScan {

    private static final int HEADER_BYTES = 64;
    private static final int MAGIC = 0xA7;
    private static final int LENGTH_MASK = 0xFF_FFFF;

    private BareScan() {}

    static List<Path> segments(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    /** How many whole frames the file has. */
    static long frames(Path segment) throws IOException {
        CRC32C crc = new CRC32C();
        try (FileChannel channel = FileChannel.open(segment)) {
            ByteBuffer content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            long frames = 0;
            int offset = HEADER_BYTES;
            while (content.limit() - offset > Integer.BYTES && content.getInt(offset) >>> 24 == MAGIC) {
                int length = content.getInt(offset) & LENGTH_MASK;
                if (length > content.limit() - offset) {
                    break;
                }
                int end = offset + length - Integer.BYTES;
                crc.reset();
                content.limit(end).position(offset);
                crc.update(content);
                content.limit(content.capacity());
                if (content.getInt(end) != (int) crc.getValue()) {
                    break;
                }
                offset += length;
                frames++;
            }
            return frames;
        }
    }
}
