package io.shardmill.lambda.injvm;

import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shows a handler jar what it sees on Lambda besides itself: the JDK, the types of aws-lambda-java-core,
 * and AWS's serialization library. None of the application's own classes, so that no library of the jar's
 * meets another version of itself here. The event classes are the jar's own.
 *
 * <p>Types that handlers and this runtime hand to each other are shared. What keeps state in static fields is
 * defined anew for each jar, from the bytes of the same library.
 */
final class RuntimeClassLoader extends ClassLoader {

    private static final String CORE = "com.amazonaws.services.lambda.runtime.";
    private static final String CORE_LOGGING = CORE + "logging.";
    private static final String SERIALIZATION = CORE + "serialization.";
    private static final String SHADED = "com.amazonaws.lambda.thirdparty.";

    private static final Set<String> OWN_COPY =
            Set.of(CORE + "LambdaRuntime", CORE + "LambdaRuntime$1", CORE + "LambdaRuntimeInternal");
    private static final String SHARED_INTERFACE = PojoSerializer.class.getName();

    private static final ClassLoader OURS = RuntimeClassLoader.class.getClassLoader();

    static {
        registerAsParallelCapable();
    }

    RuntimeClassLoader() {
        super("shardmill-lambda-runtime", ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (isShared(name)) {
            return OURS.loadClass(name);
        }
        if (isCopied(name)) {
            byte[] bytes = bytesOf(name);
            return defineClass(name, bytes, 0, bytes.length);
        }
        throw new ClassNotFoundException(name);
    }

    /** The data of the libraries inside AWS's serializer, such as time zones. */
    @Override
    protected @Nullable URL findResource(String name) {
        return name.startsWith(SHADED.replace('.', '/')) ? OURS.getResource(name) : null;
    }

    private static boolean isShared(String name) {
        boolean core = name.startsWith(CORE) && (name.indexOf('.', CORE.length()) < 0 || name.startsWith(CORE_LOGGING));
        return (core && !OWN_COPY.contains(name)) || name.equals(SHARED_INTERFACE);
    }

    private static boolean isCopied(String name) {
        return OWN_COPY.contains(name)
                || name.startsWith(SERIALIZATION)
                || name.startsWith(SHADED)
                || name.startsWith(AwsSerializers.class.getName());
    }

    private static byte[] bytesOf(String name) throws ClassNotFoundException {
        try (InputStream bytes = OURS.getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return bytes.readAllBytes();
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }
}
