package io.shardmill.lambda.deploy;

import io.shardmill.lambda.DeploymentException;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.Program;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/**
 * Checks that code has the handler class or bootstrap that starts it. Lambda finds out at each invocation, and so uses up the
 * attempts of batches for a mistyped name.
 */
final class CodeCheck {

    private CodeCheck() {}

    /** @throws DeploymentException if there is no such handler class, or no executable bootstrap */
    static void check(Program program, Path code) {
        if (program.runtime().isJava()) {
            checkHandler(program.handler(), code);
        } else {
            checkBootstrap(program.runtime(), code.resolve("bootstrap"));
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
