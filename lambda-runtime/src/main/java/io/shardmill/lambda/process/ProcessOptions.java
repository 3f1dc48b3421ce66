package io.shardmill.lambda.process;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where functions in processes run, as whom, and by which interpreters.
 *
 * @param folder for what the processes need while they run, in a folder of our own; their users must be able to enter it
 * @param defaultUser the user of functions that name none; null for that of this process
 * @param interpreters programs that run Python and JavaScript, which are preferred to those on this process's {@code PATH}
 * @param allowOtherVersions whether a function may be run by an interpreter of another version than its runtime names
 */
public record ProcessOptions(
        Path folder, @Nullable String defaultUser, List<Path> interpreters, boolean allowOtherVersions) {

    public ProcessOptions {
        interpreters = List.copyOf(interpreters);
    }

    /** Returns options with the user of this process and the interpreters on its {@code PATH}. */
    public static ProcessOptions in(Path folder) {
        return new ProcessOptions(folder, null, List.of(), false);
    }
}
