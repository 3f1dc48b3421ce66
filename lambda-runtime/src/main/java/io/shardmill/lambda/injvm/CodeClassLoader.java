package io.shardmill.lambda.injvm;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Type;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The class loader of one version of a function's code, on top of a {@link RuntimeClassLoader} of its own. */
final class CodeClassLoader extends URLClassLoader {

    static {
        registerAsParallelCapable();
    }

    private CodeClassLoader(List<URL> code) {
        super("shardmill-function", code.toArray(new URL[0]), new RuntimeClassLoader());
    }

    /**
     * Opens the folder and its jars, in Lambda's order: by name.
     *
     * @param code a folder with classes and {@code lib/*.jar}
     * @throws IllegalArgumentException if it is not there
     */
    static CodeClassLoader of(Path code) throws IOException {
        if (!Files.isDirectory(code)) {
            throw new IllegalArgumentException(
                    "code: " + code + " does not exist; it must be a folder with classes and lib/*.jar");
        }
        List<URL> urls = new ArrayList<>();
        urls.add(url(code));
        Path lib = code.resolve("lib");
        if (Files.isDirectory(lib)) {
            try (Stream<Path> files = Files.list(lib)) {
                for (Path jar : files.filter(CodeClassLoader::isJar).sorted().toList()) {
                    urls.add(url(jar));
                }
            }
        }
        return new CodeClassLoader(urls);
    }

    private static boolean isJar(Path file) {
        return file.getFileName().toString().endsWith(".jar");
    }

    private static URL url(Path file) throws MalformedURLException {
        return file.toUri().toURL();
    }

    /** AWS's serializers in a copy for this code. */
    @SuppressWarnings("unchecked") // the copy implements the same JDK interface, with a shared type in it
    ObjectConversions conversions() {
        try {
            Constructor<?> constructor = Class.forName(AwsSerializers.class.getName(), true, getParent())
                    .getDeclaredConstructor(ClassLoader.class);
            constructor.setAccessible(true);
            return new ObjectConversions((Function<Type, PojoSerializer<Object>>) constructor.newInstance(this));
        } catch (InvocationTargetException failed) {
            throw Sneaky.rethrow(failed.getCause() == null ? failed : failed.getCause());
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Makes this code's {@code LambdaRuntime.getLogger()} answer with it, by the field that AWS's own runtime sets. */
    void setRuntimeLogger(LambdaLogger logger) {
        try {
            Field field = Class.forName(LambdaRuntime.class.getName(), true, getParent())
                    .getDeclaredField("logger");
            field.setAccessible(true);
            field.set(null, logger);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
