package io.shardmill.documents;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The files of this repository that the documents are compared with. */
public final class Repository {

    public static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Set<String> BUILT = Set.of("target", "node_modules", ".git", "data");

    private Repository() {}

    /** Returns the README and the pages of the guide. */
    static List<Document> documents() throws IOException {
        List<Document> documents = new ArrayList<>();
        documents.add(Document.read(ROOT.resolve("README.md")));
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs/guide"))) {
            for (Path page : pages.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                documents.add(Document.read(page));
            }
        }
        return documents;
    }

    /** Returns all Markdown that a person reads here. */
    static List<Document> markdown() throws IOException {
        List<Document> documents = new ArrayList<>();
        for (Path file : files(".md")) {
            documents.add(Document.read(file));
        }
        return documents;
    }

    /** Returns the sources of all modules: each is compiled by this build. */
    public static List<Path> javaSources() throws IOException {
        return files(".java");
    }

    private static List<Path> files(String ending) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return BUILT.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(ending)) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}
