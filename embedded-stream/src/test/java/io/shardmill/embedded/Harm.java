package io.shardmill.embedded;

import io.shardmill.embedded.internal.metadata.MetadataFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Harms one file of a folder, or two.
 *
 * @param whole the folder before, for files to copy from
 * @param older copies of it from before
 */
record Harm(Path whole, Path folder, List<Path> older, Random random) {

    private static final int PAGE = 4 << 10;

    /** Returns what was done. */
    String apply() throws IOException {
        List<Path> files = files(folder);
        Path file = files.get(random.nextInt(files.size()));
        if (random.nextInt(4) == 0) {
            file = folder.resolve(random.nextBoolean() ? MetadataFile.NAME : "lock");
        }
        String name = folder.relativize(file).toString();
        byte[] content = Files.readAllBytes(file);
        int at = random.nextInt(content.length);
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                content[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, content);
                return "flipped a bit of byte " + at + " of " + name;
            }
            case 2 -> {
                Files.write(file, Arrays.copyOf(content, at));
                return "cut " + name + " to " + at;
            }
            case 3 -> {
                int from = at / PAGE * PAGE;
                Arrays.fill(content, from, Math.min(from + PAGE, content.length), (byte) 0);
                Files.write(file, content);
                return "zeroed the page at " + from + " of " + name;
            }
            case 4 -> {
                Files.delete(file);
                return "deleted " + name;
            }
            case 5 -> {
                Path old = older.get(random.nextInt(older.size())).resolve(name);
                if (Files.exists(old)) {
                    Files.copy(old, file, StandardCopyOption.REPLACE_EXISTING);
                }
                return "put back " + old;
            }
            case 6 -> {
                Path other = files.get(random.nextInt(files.size()));
                Files.copy(whole.resolve(folder.relativize(other)), file, StandardCopyOption.REPLACE_EXISTING);
                return "copied " + folder.relativize(other) + " onto " + name;
            }
            default -> {
                Path other = file.resolveSibling(anotherName(file));
                Files.move(file, other, StandardCopyOption.REPLACE_EXISTING);
                return "renamed " + name + " to " + other.getFileName();
            }
        }
    }

    /** Of another shard or another place in it, or of no segment. */
    private String anotherName(Path file) {
        String name = file.getFileName().toString();
        String digit = String.valueOf(random.nextInt(10));
        return switch (random.nextInt(3)) {
            case 0 -> name.replaceFirst("[0-9](?=\\.)", digit);
            case 1 -> name.replaceFirst("[0-9](?=\\.log)", digit);
            default -> name + ".old";
        };
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
