package io.shardmill.lambda;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The program of a function: its runtime, entry point and variables, and the user it runs as.
 *
 * @param handler {@code pkg.Class} or {@code pkg.Class::method}, or {@code folder/file.function} in Python and JavaScript; a
 *     {@code bootstrap} finds it, whatever it is, in {@code _HANDLER}
 * @param environment variables of Lambda's form, 4 KB at most, without those that the platform sets
 * @param user of this system, as whom its processes run; null for the host's default
 */
public record Program(
        LambdaRuntime runtime,
        String handler,
        Map<String, String> environment,
        @Nullable String user) {

    private static final int MAX_HANDLER = 128;
    private static final int MAX_ENVIRONMENT_BYTES = 4096;
    private static final Pattern BLANK = Pattern.compile("\\s");
    private static final Pattern VARIABLE = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]+");
    private static final String EXEC_WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER";

    /** Runs as the host's default user. */
    public Program(LambdaRuntime runtime, String handler, Map<String, String> environment) {
        this(runtime, handler, environment, null);
    }

    /** @throws IllegalArgumentException if a value breaks a rule; the message begins with the property's name */
    public Program {
        Objects.requireNonNull(runtime, "runtime");
        if (handler.isEmpty()
                || handler.length() > MAX_HANDLER
                || BLANK.matcher(handler).find()) {
            throw new IllegalArgumentException(
                    "handler: '" + handler + "' must have 1 to 128 characters and no blanks, such as com.acme.Handler");
        }
        environment = Collections.unmodifiableMap(new TreeMap<>(environment));
        int bytes = 0;
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            checkName(variable.getKey());
            checkValue(variable.getKey(), variable.getValue());
            bytes += utf8(variable.getKey()) + utf8(variable.getValue());
        }
        if (bytes > MAX_ENVIRONMENT_BYTES) {
            throw new IllegalArgumentException(
                    "environment: its names and values have " + bytes + " bytes, but must not have more than 4096");
        }
    }

    private static void checkName(String name) {
        if (!VARIABLE.matcher(name).matches()) {
            throw new IllegalArgumentException("environment: '" + name
                    + "' must begin with a letter and have two or more letters, digits and underscores");
        }
        if (ReservedVariables.isOfThePlatform(name)) {
            throw new IllegalArgumentException("environment: '" + name + "' is set by the platform; take it away");
        }
        if (name.equals(EXEC_WRAPPER)) {
            throw new IllegalArgumentException(
                    "environment: '" + name + "' is not supported: no script runs before a runtime; take it away");
        }
    }

    private static void checkValue(String name, String value) {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "environment: the value of '" + name + "' must not hold the character 0");
        }
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Leaves out the values of variables, which may be secrets. */
    @Override
    public String toString() {
        return "Program[" + runtime + ", " + handler + ", environment " + environment.keySet()
                + (user == null ? "" : ", user " + user) + "]";
    }
}
