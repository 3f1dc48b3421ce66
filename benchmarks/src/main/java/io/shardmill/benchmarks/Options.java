package io.shardmill.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The options of a program that measures and writes a report: each {@code --name=value}. A wrong one ends the program. */
final class Options {

    private final List<String> words;
    private final String usage;

    /** @param pattern what an option looks like */
    Options(List<String> words, String pattern, String usage) {
        this.words = words;
        this.usage = usage;
        words.stream()
                .filter(word -> !word.matches(pattern))
                .findFirst()
                .ifPresent(unknown -> refuse("There is no option " + unknown));
    }

    private void refuse(String problem) {
        System.err.println(problem + ". " + usage);
        System.exit(2);
    }

    Optional<String> value(String name) {
        String start = "--" + name + "=";
        return words.stream()
                .filter(word -> word.startsWith(start))
                .map(word -> word.substring(start.length()))
                .findFirst();
    }

    int number(String name, int byDefault) {
        return value(name).map(Integer::parseInt).orElse(byDefault);
    }

    /** Returns the file to write, in a folder that is there. */
    Path report(String byDefault) {
        Path target = Path.of(value("report").orElse(byDefault)).toAbsolutePath();
        if (!Files.isDirectory(target.resolveSibling("."))) {
            refuse("There is no folder for " + target + ": run this in the project's folder");
        }
        return target;
    }
}
