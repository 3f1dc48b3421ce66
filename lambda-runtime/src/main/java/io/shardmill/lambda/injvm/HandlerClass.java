package io.shardmill.lambda.injvm;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The class that a handler string names, and what of it is called, as Lambda's Java runtime finds it (notes 4.2). */
final class HandlerClass {

    private final @Nullable Constructor<?> constructor;
    private final HandlerFactory factory;

    private HandlerClass(@Nullable Constructor<?> constructor, HandlerFactory factory) {
        this.constructor = constructor;
        this.factory = factory;
    }

    /**
     * Loads the class and runs its static initializers.
     *
     * @param handler {@code pkg.Class} or {@code pkg.Class::method}, a nested class as {@code Outer$Inner}
     * @throws HandlerInitException as Lambda reports it (notes 4.3)
     */
    static HandlerClass load(String handler, ClassLoader loader, ObjectConversions conversions) {
        int separator = handler.lastIndexOf("::");
        String className = separator < 0 ? handler : handler.substring(0, separator);
        String method = separator < 0 ? null : handler.substring(separator + 2);
        if (className.isEmpty() || (method != null && method.isEmpty())) {
            throw new HandlerInitException("Invalid handler: `" + handler + "'");
        }
        Class<?> type = load(className, loader);
        try {
            return method == null ? ofInterface(type, conversions) : ofMethod(type, method, conversions);
        } catch (LinkageError | TypeNotPresentException missing) {
            throw new HandlerInitException("Error loading class " + className + ": " + missing.getMessage(), missing);
        }
    }

    private static Class<?> load(String className, ClassLoader loader) {
        try {
            return Class.forName(className, true, loader);
        } catch (ClassNotFoundException unknown) {
            throw new HandlerInitException("Class not found: " + className, unknown);
        } catch (LinkageError broken) { // missing classes, and exceptions of static initializers
            String detail = broken.getMessage() == null ? "" : ": " + broken.getMessage();
            throw new HandlerInitException("Error loading class " + className + detail, broken);
        }
    }

    private static HandlerClass ofInterface(Class<?> type, ObjectConversions conversions) {
        if (RequestStreamHandler.class.isAssignableFrom(type)) {
            return new HandlerClass(
                    constructorOf(type), instance -> new StreamHandler((RequestStreamHandler) require(instance)));
        }
        if (!RequestHandler.class.isAssignableFrom(type)) {
            throw new HandlerInitException(
                    "Class does not implement an appropriate handler interface: " + type.getName());
        }
        HandlerTypes types = HandlerTypes.of(type);
        ObjectHandler.Conversion conversion = conversions.between(types.input(), types.output());
        return new HandlerClass(
                constructorOf(type), instance -> new ObjectHandler(conversion, request(require(instance))));
    }

    @SuppressWarnings("unchecked") // its types were read from its class
    private static ObjectHandler.Call request(Object instance) {
        return ((RequestHandler<@Nullable Object, @Nullable Object>) instance)::handleRequest;
    }

    private static Object require(@Nullable Object instance) {
        return Objects.requireNonNull(instance, "instance");
    }

    private static HandlerClass ofMethod(Class<?> type, String name, ObjectConversions conversions) {
        HandlerMethod method;
        try {
            method = HandlerMethod.choose(type, name)
                    .orElseThrow(() -> new HandlerInitException("No public method named " + name
                            + " with appropriate method signature found on class " + type.getName()));
        } catch (NoClassDefFoundError missing) {
            throw new HandlerInitException("Error loading method " + name + " on class " + type.getName(), missing);
        }
        boolean isStatic = Modifier.isStatic(method.method().getModifiers());
        return new HandlerClass(isStatic ? null : constructorOf(type), method.with(conversions));
    }

    private static Constructor<?> constructorOf(Class<?> type) {
        try {
            return type.getConstructor();
        } catch (NoSuchMethodException none) {
            boolean inner = type.getEnclosingClass() != null && !Modifier.isStatic(type.getModifiers());
            String message = "Class " + type.getName()
                    + (inner
                            ? " cannot be instantiated because it is a non-static inner class"
                            : " has no public zero-argument constructor");
            throw new HandlerInitException(message, new Exception(message, none));
        }
    }

    /** @throws HandlerInitException with what the constructor threw, if it did */
    Handler newHandler() {
        return factory.of(constructor == null ? null : construct(constructor));
    }

    private static Object construct(Constructor<?> constructor) {
        try {
            return constructor.newInstance();
        } catch (InvocationTargetException thrown) {
            throw failed(thrown.getCause() == null ? thrown : thrown.getCause());
        } catch (ReflectiveOperationException | LinkageError impossible) {
            throw failed(impossible);
        }
    }

    private static HandlerInitException failed(Throwable thrown) {
        String message = thrown.getLocalizedMessage();
        return new HandlerInitException(message == null ? thrown.getClass().getName() : message, thrown);
    }
}
