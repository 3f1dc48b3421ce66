package io.shardmill.lambda.process;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where functions in processes run, and as whom.
 *
 * @param folder for what the processes need while they run, in a folder of our own; their users must be able to enter it
 * @param defaultUser the user of functions that name none; null for that of this process
 */
public record ProcessOptions(Path folder, @Nullable String defaultUser) {

    /** Returns options with the user of this process. */
    public static ProcessOptions in(Path folder) {
        return new ProcessOptions(folder, null);
    }
}
