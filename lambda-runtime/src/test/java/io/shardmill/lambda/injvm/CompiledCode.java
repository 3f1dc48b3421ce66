package io.shardmill.lambda.injvm;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Function code as a project that knows aws-lambda-java-core and -events only would build it. */
final class CompiledCode {

    private static final Path CORE = jarOf(RequestHandler.class);
    private static final Path EVENTS = jarOf(KinesisEvent.class);
    private static final Path JODA = jarOf(named("org.joda.time.DateTime"));
    private static final Pattern CLASS = Pattern.compile("public (?:abstract |final )*(?:class|interface) (\\w+)");

    private final Path classes;

    private CompiledCode(Path classes) {
        this.classes = classes;
    }

    /** Each source is a public class in package {@code com.acme}; imports that handlers need are added. */
    static CompiledCode of(Path folder, String... sources) throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<SimpleJavaFileObject> files = new ArrayList<>();
        for (String source : sources) {
            Matcher name = CLASS.matcher(source);
            if (!name.find()) {
                throw new IllegalArgumentException("no public class in " + source);
            }
            files.add(new Source(name.group(1), IMPORTS + source));
        }
        StringWriter messages = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of("-d", classes.toString(), "-cp", CORE + ":" + EVENTS, "-proc:none", "--release", "17"),
                        null,
                        files)
                .call();
        if (!compiled) {
            throw new IllegalArgumentException(messages.toString());
        }
        return new CompiledCode(classes);
    }

    private static final String IMPORTS = """
            package com.acme;
            import com.amazonaws.services.lambda.runtime.*;
            import com.amazonaws.services.lambda.runtime.events.*;
            import java.io.*;
            import java.nio.charset.StandardCharsets;
            import java.util.*;
            """;

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///com/acme/" + name + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static Class<?> named(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static Path jarOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Path classes() {
        return classes;
    }

    /** As a zip package is unpacked on Lambda: classes, and the libraries in {@code lib/}. */
    Path folder() throws IOException {
        Path lib = Files.createDirectories(classes.resolve("lib"));
        for (Path jar : List.of(CORE, EVENTS, JODA)) {
            Files.copy(jar, lib.resolve(jar.getFileName()));
        }
        return classes;
    }

    /** A jar with the classes of all libraries in it. */
    Path fatJar() throws IOException {
        Path jar = classes.resolveSibling("function.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
            }
            for (Path library : List.of(CORE, EVENTS, JODA)) {
                copy(library, out);
            }
        }
        return jar;
    }

    private static void copy(Path library, OutputStream out) throws IOException {
        try (JarFile jar = new JarFile(library.toFile())) {
            jar.stream().filter(entry -> entry.getName().endsWith(".class")).forEach(entry -> {
                try {
                    ((JarOutputStream) out).putNextEntry(new JarEntry(entry.getName()));
                    jar.getInputStream(entry).transferTo(out);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
        }
    }
}
