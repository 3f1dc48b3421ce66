package io.shardmill.lambda.deploy;

import io.shardmill.lambda.DeploymentException;
import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.LambdaRuntime.Family;
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

    /** Where layers are on Lambda. */
    private static final String LAYERS = "/opt/";

    private CodeCheck() {}

    /** @throws DeploymentException if there is no such handler class or file, or no executable bootstrap */
    static void check(FunctionRevision revision) {
        switch (revision.program().runtime().family()) {
            case JAVA -> checkHandler(revision.program().handler(), revision.code());
            case PYTHON, NODEJS -> checkModule(revision);
            case PROVIDED -> checkBootstrap(revision);
        }
    }

    private static void checkBootstrap(FunctionRevision revision) {
        Path bootstrap = revision.bootstrap();
        if (!Files.isRegularFile(bootstrap)) {
            throw new DeploymentException("code: has no file named bootstrap at its top, which runtime "
                    + revision.program().runtime() + " runs" + norLayers(revision));
        }
        if (!Files.isExecutable(bootstrap)) {
            throw new DeploymentException((bootstrap.startsWith(revision.code()) ? "code" : "layers")
                    + ": its bootstrap is not executable: chmod +x it before it is zipped");
        }
    }

    private static String norLayers(FunctionRevision revision) {
        return revision.layers() == null ? "" : ", nor have its layers";
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

    private static void checkModule(FunctionRevision revision) {
        String handler = revision.program().handler();
        boolean isPython = revision.program().runtime().family() == Family.PYTHON;
        int name = handler.lastIndexOf('/') + 1;
        int separator = isPython ? handler.lastIndexOf('.') : handler.indexOf('.', name);
        if (separator <= name || separator == handler.length() - 1 || handler.contains("..")) {
            throw new DeploymentException(
                    "handler: '" + handler + "'; it must name a file, without its ending, and a function in it; write "
                            + (isPython ? "folder/app.handler" : "folder/index.handler") + " for one in that folder");
        }
        if (isPython && handler.startsWith("/")) {
            throw new DeploymentException("handler: '" + handler + "'; it must not begin with '/', as on Lambda; write "
                    + handler.substring(name) + " for a file in the code or in the folder python of a layer");
        }
        String module = handler.substring(0, separator);
        String path = isPython ? module.replace('.', '/') : module;
        if (!isFound(revision, path, isPython ? PYTHON_MODULE : NODEJS_MODULE)) {
            throw new DeploymentException("handler: '" + handler + "' can't be loaded: the code has no " + path
                    + (isPython ? ".py" : ".js, .mjs or .cjs")
                    + (path.startsWith(LAYERS) && revision.layers() == null
                            ? ", and the function has no layers"
                            : norLayers(revision)));
        }
    }

    /** What is neither beneath the code nor in a layer is looked for by the runtime. */
    private static boolean isFound(FunctionRevision revision, String path, Pattern rest) {
        Path layers = revision.layers();
        if (path.startsWith(LAYERS)) {
            return layers != null && exists(layers.resolve(path.substring(LAYERS.length())), rest);
        }
        return path.startsWith("/")
                || folders(revision).stream().anyMatch(folder -> exists(folder.resolve(path), rest));
    }

    private static List<Path> folders(FunctionRevision revision) {
        Path layers = revision.layers();
        LambdaRuntime runtime = revision.program().runtime();
        if (layers == null || runtime.family() != Family.PYTHON) {
            return List.of(revision.code());
        }
        Path python = layers.resolve("python");
        return List.of(revision.code(), python.resolve("lib/" + runtime + "/site-packages"), python);
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
