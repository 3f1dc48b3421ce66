package io.shardmill.lambda.process;

import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.LambdaRuntime.Family;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the programs that run Python and JavaScript: those that are named, then those on a {@code PATH}. One that was found
 * for a runtime is kept. Thread-safe.
 */
final class Interpreters {

    private static final Logger LOG = LoggerFactory.getLogger(Interpreters.class);
    private static final Pattern FOLDER = Pattern.compile(File.pathSeparator, Pattern.LITERAL);
    private static final String NAMED = "shardmill.interpreters";
    private static final String OTHERS = "shardmill.allow-other-interpreter-versions";

    private final List<Path> named;
    private final boolean allowOtherVersions;
    private final String searchPath;
    private final Map<Choice, Interpreter> found = new HashMap<>(); // guarded by this

    private record Choice(LambdaRuntime runtime, long uid) {}

    /** @param searchPath folders, as in the variable {@code PATH} */
    Interpreters(List<Path> named, boolean allowOtherVersions, String searchPath) {
        this.named = List.copyOf(named);
        this.allowOtherVersions = allowOtherVersions;
        this.searchPath = searchPath;
    }

    /** Returns those on the {@code PATH} of this process, after those that the options name. */
    static Interpreters of(ProcessOptions options) {
        return new Interpreters(
                options.interpreters(),
                options.allowOtherVersions(),
                System.getenv().getOrDefault("PATH", ""));
    }

    /**
     * Runs each that is named.
     *
     * @throws IllegalArgumentException if one can't be used; the message begins with the property's name
     */
    void checkNamed(ProcessUser user) {
        for (Path program : named) {
            try {
                Interpreter unused = Interpreter.of(program, familyOf(program), user);
            } catch (IOException unusable) {
                throw new IllegalArgumentException(
                        "interpreters: '" + program + "' must be a python or node that can be run ("
                                + unusable.getMessage() + "); correct it or leave it out",
                        unusable);
            }
        }
    }

    private static Family familyOf(Path program) {
        return program.getFileName().toString().startsWith("node") ? Family.NODEJS : Family.PYTHON;
    }

    /**
     * Returns the program that runs a runtime's code.
     *
     * @param user who runs it
     * @throws IllegalArgumentException if there is none; the message begins with the property's name
     */
    synchronized Interpreter find(LambdaRuntime runtime, ProcessUser user) {
        return found.computeIfAbsent(new Choice(runtime, user.uid()), choice -> choose(runtime, user));
    }

    private Interpreter choose(LambdaRuntime runtime, ProcessUser user) {
        List<Interpreter> others = new ArrayList<>();
        StringBuilder unusable = new StringBuilder();
        for (Path program : candidates(runtime)) {
            try {
                Interpreter candidate = Interpreter.of(program, runtime.family(), user);
                if (candidate.fits(runtime)) {
                    return candidate;
                }
                others.add(candidate);
            } catch (IOException fault) {
                unusable.append("; ").append(program).append(" can't be used: ").append(fault.getMessage());
            }
        }
        if (!allowOtherVersions || others.isEmpty()) {
            throw new IllegalArgumentException("runtime: '" + runtime + "' needs " + language(runtime) + " "
                    + runtime.languageVersion() + ", but "
                    + (others.isEmpty()
                            ? "there is none"
                            : "there is only " + others.get(0).version())
                    + unusable
                    + "; install it on the server's PATH, or name it in " + NAMED
                    + (others.isEmpty() ? "" : ", or set " + OTHERS));
        }
        LOG.warn("Functions of runtime {} are run by {}, as {} says", runtime, others.get(0), OTHERS);
        return others.get(0);
    }

    private static String language(LambdaRuntime runtime) {
        return runtime.family() == Family.PYTHON ? "Python" : "Node.js";
    }

    /** Returns what may be it, the likeliest first. */
    private Set<Path> candidates(LambdaRuntime runtime) {
        Set<Path> candidates = new LinkedHashSet<>();
        named.stream().filter(program -> familyOf(program) == runtime.family()).forEach(candidates::add);
        List<String> names = runtime.family() == Family.PYTHON
                ? List.of("python" + runtime.languageVersion(), "python3")
                : List.of("node");
        for (String name : names) {
            FOLDER.splitAsStream(searchPath)
                    .map(folder -> Path.of(folder).resolve(name))
                    .filter(program -> program.isAbsolute() && Files.isExecutable(program))
                    .forEach(candidates::add);
        }
        return candidates;
    }
}
