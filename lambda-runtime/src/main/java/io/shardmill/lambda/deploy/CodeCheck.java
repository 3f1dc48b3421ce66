package io.shardmill.lambda.deploy;

import io.shardmill.lambda.DeploymentException;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.LambdaRuntime.Family;
import io.shardmill.lambda.Program;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;

/**
 * Checks that code has the handler's class or file, or the bootstrap, that starts it. Lambda finds out at each invocation, and so uses up the
 * attempts of batches for a mistyped name.
 */
final class CodeCheck {

    /** A file or a package; what is compiled may say for which Python in its name. */
    private static final Pattern PYTHON_MODULE = Pattern.compile("(/__init__)?(\\.py|\\.pyc|(\\.[^/]*)?\\.so)");

    private static final Pattern NODEJS_MODULE = Pattern.compile("|(/index)?\\.[mc]?js");

    private CodeCheck() {}

    /** @throws DeploymentException if there is no such handler class or file, or no executable bootstrap */
    static void check(Program program, Path code) {
        switch (program.runtime().family()) {
            case JAVA -> checkHandler(program.handler(), code);
            case PYTHON, NODEJS -> checkModule(program, code);
            case PROVIDED -> checkBootstrap(program.runtime(), code.resolve("bootstrap"));
        }
    }

    private static void checkBootstrap(LambdaRuntime runtime, Path bootstrap) {
        if (!Files.isRegularFile(bootstrap)) {
            throw new DeploymentException(
                    "code: has no file named bootstrap at its top, which runtime " + runtime + " runs");
        }
        if (!Files.isExecutable(bootstrap)) {
            throw new DeploymentException("code: its bootstrap is not executable: chmod +x it before it is zipped");
        }
    }

    private static void checkHandler(String handler, Path code) {
        int separator = handler.lastIndexOf("::");
        String type = separator < 0 ? handler : handler.substring(0, separator);
        String file = type.replace('.', '/') + ".class";
        try {
            if (!Files.isRegularFile(code.resolve(file)) && !isInLibraries(file, code.resolve("lib"))) {
                throw new DeploymentException("handler: '" + handler + "' can't be loaded: the code has no " + file
                        + ", nor has a jar in its folder lib" + hint(code));
            }
        } catch (IOException unreadable) {
            throw new DeploymentException("code: a jar in its folder lib can't be read: " + unreadable, unreadable);
        }
    }

    /** A module that is not beneath the code, but in a layer, is looked for by the runtime. */
    private static void checkModule(Program program, Path code) {
        String handler = program.handler();
        boolean isPython = program.runtime().family() == Family.PYTHON;
        int name = handler.lastIndexOf('/') + 1;
        int separator = isPython ? handler.lastIndexOf('.') : handler.indexOf('.', name);
        if (separator <= name || separator == handler.length() - 1 || handler.contains("..")) {
            throw new DeploymentException(
                    "handler: '" + handler + "'; it must name a file, without its ending, and a function in it; write "
                            + (isPython ? "folder/app.handler" : "folder/index.handler") + " for one in that folder");
        }
        String module = handler.substring(0, separator);
        Path file = code.resolve(isPython ? module.replace('.', '/') : module);
        if (!module.startsWith("/") && !exists(file, isPython ? PYTHON_MODULE : NODEJS_MODULE)) {
            throw new DeploymentException("handler: '" + handler + "' can't be loaded: the code has no "
                    + code.relativize(file) + (isPython ? ".py" : ".js, .mjs or .cjs"));
        }
    }

    /** @param rest what may follow the module's name in the path of a file */
    private static boolean exists(Path module, Pattern rest) {
        try {
            List<Path> candidates = new ArrayList<>(Folders.entries(module));
            Path parent = module.getParent();
            if (parent != null) {
                candidates.addAll(Folders.entries(parent));
            }
            String name = module.toString();
            return candidates.stream()
                    .filter(Files::isRegularFile)
                    .map(Path::toString)
                    .anyMatch(path -> path.startsWith(name)
                            && rest.matcher(path.substring(name.length())).matches());
        } catch (IOException unreadable) {
            throw new DeploymentException("code: can't be read: " + unreadable, unreadable);
        }
    }

    private static String hint(Path code) {
        return Files.isDirectory(code.resolve("BOOT-INF"))
                ? "; a Spring Boot executable jar can't be deployed, as on Lambda: shade it"
                : "";
    }

    private static boolean isInLibraries(String file, Path libraries) throws IOException {
        for (Path library : Folders.entries(libraries)) {
            if (library.toString().endsWith(".jar")) {
                try (ZipFile jar = new ZipFile(library.toFile())) {
                    if (jar.getEntry(file) != null) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
