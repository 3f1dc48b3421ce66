package io.shardmill.lambda.process;

import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.LambdaRuntime.Family;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** The runtimes of which this machine has the interpreter: no particular version is needed. */
final class InstalledRuntimes {

    private InstalledRuntimes() {}

    static LambdaRuntime of(Family family) throws IOException {
        ProcessUser user = ProcessUser.ofServer();
        Interpreters interpreters = Interpreters.of(ProcessOptions.in(Path.of("unused")));
        return Arrays.stream(LambdaRuntime.values())
                .filter(runtime -> runtime.family() == family && isInstalled(runtime, interpreters, user))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        family + ": no version that Lambda has is on the PATH; install Debian's python3 or nodejs"));
    }

    private static boolean isInstalled(LambdaRuntime runtime, Interpreters interpreters, ProcessUser user) {
        try {
            Interpreter unused = interpreters.find(runtime, user);
            return true;
        } catch (IllegalArgumentException missing) {
            return false;
        }
    }
}
