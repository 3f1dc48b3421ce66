package io.shardmill.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;

/** Makes of an application's executable jar one of {@link PlainApplication}: the same starters and configuration, and no Shardmill. */
final class PlainJar {

    private static final String CLASSES = "BOOT-INF/classes/";
    private static final String CONFIGURATION = CLASSES + "application.yml";

    /** Shardmill, and what only its starter brings along. */
    private static final Pattern LEFT_OUT = Pattern.compile("BOOT-INF/lib/(shardmill|spring-cloud|spring-messaging"
            + "|resilience4j|reactor|reactive-streams|joda|jackson-datatype-joda)-.*|BOOT-INF/.*\\.idx");

    private PlainJar() {}

    static void write(Path application, Path plain) throws IOException {
        try (JarFile source = new JarFile(application.toFile())) {
            Manifest manifest = new Manifest(source.getManifest());
            Attributes attributes = manifest.getMainAttributes();
            attributes.putValue("Start-Class", PlainApplication.class.getName());
            attributes.remove(new Attributes.Name("Spring-Boot-Classpath-Index"));
            attributes.remove(new Attributes.Name("Spring-Boot-Layers-Index"));
            try (JarOutputStream target = new JarOutputStream(Files.newOutputStream(plain), manifest)) {
                for (JarEntry entry : source.stream().filter(PlainJar::isKept).toList()) {
                    try (InputStream content = source.getInputStream(entry)) {
                        copy(entry, content, target);
                    }
                }
                String file = PlainApplication.class.getName().replace('.', '/') + ".class";
                byte[] code = Objects.requireNonNull(PlainApplication.class.getResourceAsStream("/" + file))
                        .readAllBytes();
                copy(new JarEntry(CLASSES + file), new ByteArrayInputStream(code), target);
            }
        }
    }

    private static boolean isKept(JarEntry entry) {
        String name = entry.getName();
        boolean isOwn = name.startsWith(CLASSES) && !entry.isDirectory() && !name.equals(CONFIGURATION);
        return !isOwn
                && !name.equals(JarFile.MANIFEST_NAME)
                && !LEFT_OUT.matcher(name).matches();
    }

    /** Nested jars are stored, as the loader needs them. */
    private static void copy(JarEntry entry, InputStream content, JarOutputStream target) throws IOException {
        JarEntry copied = new JarEntry(entry.getName());
        if (entry.getMethod() == JarEntry.STORED) {
            copied.setMethod(JarEntry.STORED);
            copied.setSize(entry.getSize());
            copied.setCrc(entry.getCrc());
        }
        target.putNextEntry(copied);
        content.transferTo(target);
        target.closeEntry();
    }
}
