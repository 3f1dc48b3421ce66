package io.shardmill.lambda.deploy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where functions in processes run, and as whom.
 *
 * @param folder for what the processes need while they run, in a folder of our own; the users must be able to enter it
 * @param commonUser the user of all functions that have none of their own; null for that of this process
 * @param users by the names of functions
 */
public record ProcessOptions(Path folder, @Nullable String commonUser, Map<String, String> users) {

    public ProcessOptions {
        users = Map.copyOf(users);
    }

    /** With the user of this process. */
    public static ProcessOptions in(Path folder) {
        return new ProcessOptions(folder, null, Map.of());
    }

    /** Returns the user of a function; null for that of this process. */
    @Nullable
    String user(String function) {
        return users.getOrDefault(function, commonUser);
    }

    /** Returns all users by the property that names them. */
    Map<String, String> byProperty() {
        Map<String, String> all = new LinkedHashMap<>();
        if (commonUser != null) {
            all.put("function-user", commonUser);
        }
        users.forEach((function, user) -> all.put("functions." + function + ".user", user));
        return all;
    }
}
