package io.shardmill.aws.lambda;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Code as it is uploaded. */
final class Zips {

    private Zips() {}

    /** With one file. */
    static byte[] of(String name, String text) {
        return of(name, text, Deflater.DEFAULT_COMPRESSION);
    }

    /** With one file, as long as that. */
    static byte[] stored(String name, String text) {
        return of(name, text, Deflater.NO_COMPRESSION);
    }

    private static byte[] of(String name, String text, int compression) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setLevel(compression);
            zip.putNextEntry(new ZipEntry(name));
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** With one file that its owner may execute. */
    static byte[] executable(Path folder, String name, String text) {
        Path zip = folder.resolve(name + ".zip");
        try {
            try (FileSystem files =
                    FileSystems.newFileSystem(zip, Map.of("create", "true", "enablePosixFileAttributes", "true"))) {
                Path file = Files.writeString(files.getPath(name), text);
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            return Files.readAllBytes(zip);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A jar of class {@code com.acme.Handler}, as a user's build makes it against aws-lambda-java-core. */
    static byte[] compiled(Path folder, String source) {
        try {
            Path classes = Files.createDirectories(folder.resolve("classes"));
            boolean compiled = ToolProvider.getSystemJavaCompiler()
                    .getTask(
                            null,
                            null,
                            null,
                            List.of("-d", classes.toString(), "-cp", core(), "--release", "17", "-proc:none"),
                            null,
                            List.of(new Source(source)))
                    .call();
            if (!compiled) {
                throw new IllegalArgumentException("it does not compile: see above");
            }
            return zip(classes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static byte[] zip(Path folder) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes);
                Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                Files.copy(file, zip);
            }
        }
        return bytes.toByteArray();
    }

    private static String core() {
        try {
            return Path.of(Class.forName("com.amazonaws.services.lambda.runtime.Context")
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (ClassNotFoundException | URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String text) {
            super(URI.create("string:///com/acme/Handler.java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
