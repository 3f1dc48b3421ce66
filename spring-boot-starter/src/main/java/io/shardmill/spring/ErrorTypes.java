package io.shardmill.spring;

import io.shardmill.runtime.DescribedFault;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Names the types of errors for a metric's tag: short names only, and a bounded number, since functions may make them up. Thread-safe. */
final class ErrorTypes {

    static final String NONE = "none";
    static final String OTHER = "other";

    private static final int MOST = 100;
    private static final Pattern PACKAGES = Pattern.compile("^(?:[a-z][\\w$]*\\.)+");
    private static final Pattern SHORT_NAME = Pattern.compile("[A-Za-z_$][\\w$.]{0,63}");

    private final Set<String> known = ConcurrentHashMap.newKeySet();

    String of(Throwable thrown) {
        String type = thrown instanceof DescribedFault described
                ? described.errorType()
                : thrown.getClass().getSimpleName();
        String name = PACKAGES.matcher(type).replaceFirst("");
        if (!SHORT_NAME.matcher(name).matches() || (known.size() >= MOST && !known.contains(name))) {
            return OTHER;
        }
        known.add(name);
        return name;
    }
}
