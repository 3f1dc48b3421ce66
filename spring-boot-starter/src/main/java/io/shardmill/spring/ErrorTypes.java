package io.shardmill.spring;

import io.shardmill.runtime.DescribedFault;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names the types of errors for a metric's tag: short names only, and a bounded number, since functions may make them up. Thread-safe. */
final class ErrorTypes {

    static final String NONE = "none";
    static final String OTHER = "other";

    private static final int MOST = 100;
    private static final Pattern PACKAGES = Pattern.compile("^(?:[a-z][\\w$]*\\.)+");
    private static final Pattern SHORT_NAME = Pattern.compile("[A-Za-z_$][\\w$.]{0,63}");

    /** An error of a process is described as {@code ValueError at handler.py:3}, or {@code Runtime.ExitError: ...} by the platform. */
    private static final Pattern DESCRIBED = Pattern.compile("([\\w$.]+)(?: at |: |$)");

    private final Set<String> known = ConcurrentHashMap.newKeySet();

    String of(Throwable thrown) {
        String type = thrown instanceof DescribedFault described ? typeOf(described) : null;
        type = type == null ? thrown.getClass().getSimpleName() : type;
        String name = PACKAGES.matcher(type).replaceFirst("");
        if (!SHORT_NAME.matcher(name).matches() || (known.size() >= MOST && !known.contains(name))) {
            return OTHER;
        }
        known.add(name);
        return name;
    }

    private static @Nullable String typeOf(DescribedFault fault) {
        Matcher described = DESCRIBED.matcher(fault.describe(false));
        return described.lookingAt() ? described.group(1) : null;
    }
}
