package io.shardmill.runtime;

import java.util.Locale;

/** Where a function's code runs. */
public enum Isolation {
    /** In processes of its own, as on Lambda: its environment variables, memory and exit are its own. */
    PROCESS,
    /**
     * In this JVM: the fastest way, and a debugger can step in. It can't isolate environment variables, {@code System.exit},
     * memory, threads or a loop that ignores its interrupt.
     */
    JVM;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
