package io.shardmill.lambda.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles a function against AWS's libraries alone, as a user's build would, and lays it out as deployed code. */
public final class HandlerJar {

    private HandlerJar() {}

    public static void compile(String className, String source, Path into) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            Files.createDirectories(into);
            String classPath = jarOf(com.amazonaws.services.lambda.runtime.Context.class)
                    + ":" + jarOf(com.amazonaws.services.lambda.runtime.events.KinesisEvent.class) + ":"
                    + jarOf(com.fasterxml.jackson.annotation.JsonProperty.class);
            boolean compiled = compiler.getTask(
                            null,
                            files,
                            null,
                            List.of(
                                    "-d",
                                    into.toString(),
                                    "-cp",
                                    classPath,
                                    "--release",
                                    "17",
                                    "-proc:none",
                                    "-nowarn"),
                            null,
                            List.of(new Source(className, source)))
                    .call();
            if (!compiled) {
                throw new IllegalStateException("the function does not compile: see above");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static Path jarOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** AWS's event classes cannot be loaded without it. */
    public static Class<?> joda() {
        try {
            return Class.forName("org.joda.time.DateTime");
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException(missing);
        }
    }

    public static void copyToLib(Class<?> type, Path code) throws IOException {
        Path lib = Files.createDirectories(code.resolve("lib"));
        Files.copy(jarOf(type), lib.resolve(jarOf(type).getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }

    /** As a fat jar is deployed. */
    static void explode(Class<?> type, Path code) throws IOException {
        try (InputStream in = Files.newInputStream(jarOf(type));
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = code.resolve(entry.getName());
                if (!entry.isDirectory()) {
                    Files.createDirectories(target.getParent());
                    Files.copy(zip, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String className, String text) {
            super(URI.create("string:///" + className.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
