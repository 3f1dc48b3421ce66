package io.shardmill.lambda.deploy;

import io.shardmill.lambda.DeploymentException;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * Copies a tree of files, of this file system or of an archive, within bounds. Nothing is written outside of the target,
 * whatever an archive calls its entries, and bytes are counted as they come, whatever it says of their sizes. Whether
 * its owner may execute a file is kept.
 */
final class CodeCopy extends SimpleFileVisitor<Path> {

    private final Path source;
    private final Path target;
    private final CodeCount count;

    private CodeCopy(Path source, Path target, CodeCount count) {
        this.source = source;
        this.target = target.toAbsolutePath().normalize();
        this.count = count;
    }

    /**
     * Adds a tree to what is in the target, in place of what has the same path there.
     *
     * @param count to which it is added
     * @throws DeploymentException if it is too much, or leads out of the target
     */
    static void copy(Path source, Path target, CodeCount count) throws IOException {
        Files.walkFileTree(
                source, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new CodeCopy(source, target, count));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
        count.addFile();
        if (source.relativize(folder).getNameCount() > CodeBounds.MAX_DEPTH) {
            throw new DeploymentException("folders are nested more than " + CodeBounds.MAX_DEPTH + " levels deep");
        }
        Path copy = placeOf(folder);
        if (!Files.isDirectory(copy)) {
            replace(copy);
            Files.createDirectories(copy);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        if (!attributes.isRegularFile()) {
            throw new DeploymentException(
                    "it holds " + source.relativize(file) + ", which is neither a file nor a folder");
        }
        count.addFile();
        Path copy = placeOf(file);
        replace(copy);
        try (InputStream in = Files.newInputStream(file);
                OutputStream out = Files.newOutputStream(copy)) {
            transfer(in, out);
        }
        if (isExecutable(file) && !copy.toFile().setExecutable(true, false)) {
            throw new IOException(source.relativize(file) + " can't be made executable");
        }
        return FileVisitResult.CONTINUE;
    }

    private void transfer(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            count.addBytes(read);
            out.write(buffer, 0, read);
        }
    }

    private static void replace(Path copy) throws IOException {
        if (Files.exists(copy)) {
            Folders.delete(copy);
        }
    }

    private Path placeOf(Path path) {
        Path place = target.resolve(source.relativize(path).toString()).normalize();
        if (!place.startsWith(target)) {
            throw new DeploymentException("it holds " + path + ", which leads out of the function's folder");
        }
        return place;
    }

    private static boolean isExecutable(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view != null && view.readAttributes().permissions().contains(PosixFilePermission.OWNER_EXECUTE);
    }
}
