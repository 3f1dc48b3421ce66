package io.shardmill.embedded.internal.files;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Lines of ASCII, each followed by {@code  #} and, in hexadecimal, a CRC32C of the line before's and of the line. No line
 * can be changed, left out, repeated or moved unnoticed, and lines can be appended. A file that was cut behind a line
 * looks whole.
 */
public final class ChecksummedLines {

    private static final String MARK = " #";
    private static final int MARK_CHARS = MARK.length() + 2 * Integer.BYTES;

    private int lastCrc;

    /** Continues where this one is, without changing it. */
    public ChecksummedLines copy() {
        ChecksummedLines copy = new ChecksummedLines();
        copy.lastCrc = lastCrc;
        return copy;
    }

    /** The bytes of the next lines of the file. */
    public byte[] write(List<String> lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            CRC32C crc = new CRC32C();
            crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, lastCrc));
            crc.update(ascii(line));
            lastCrc = (int) crc.getValue();
            text.append(line)
                    .append(MARK)
                    .append(HexFormat.of().toHexDigits(lastCrc))
                    .append('\n');
        }
        return ascii(text.toString());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * All whole lines of a file. What follows the last line's end is left out: a line whose writing was cut short.
     *
     * @throws IllegalArgumentException naming the first line that is not as it was written
     */
    public static List<String> read(byte[] file) {
        ChecksummedLines expected = new ChecksummedLines();
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int at = 0; at < file.length; at++) {
            if (file[at] == '\n') {
                String written = new String(file, start, at + 1 - start, StandardCharsets.ISO_8859_1);
                String line = written.substring(0, Math.max(0, written.length() - 1 - MARK_CHARS));
                if (!new String(expected.write(List.of(line)), StandardCharsets.ISO_8859_1).equals(written)) {
                    throw new IllegalArgumentException("line " + (lines.size() + 1) + ": its checksum is wrong");
                }
                lines.add(line);
                start = at + 1;
            }
        }
        return lines;
    }
}
