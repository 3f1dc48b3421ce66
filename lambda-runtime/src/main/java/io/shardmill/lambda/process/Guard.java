package io.shardmill.lambda.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that a function's processes end when we say so, and when we are no more. A tiny shell that waits on a pipe
 * from us: it runs before the function does, in a session of its own, and once the pipe ends, by our hand or by our
 * death, it kills the function's process group, and whoever left that group but still carries the function's mark
 * in its environment (Linux only). It neither polls nor needs the function to do anything.
 */
final class Guard {

    private static final String SCRIPT = """
            read -r group
            read -r end
            [ -n "$group" ] && kill -s KILL -- "-$group" 2>/dev/null
            sweep() {
              round=0
              while [ $round -lt 50 ]; do
                found=$(grep -lsF -- "$1" /proc/[0-9]*/environ)
                [ -n "$found" ] || return 0
                for each in $found; do
                  each=${each#/proc/}
                  kill -s KILL "${each%/environ}" 2>/dev/null
                done
                round=$((round + 1))
              done
            }
            sweep "$1"
            # Our death may have come between the start of the function and the word about it.
            [ -n "$group" ] || for again in 1 2 3; do sleep 1; sweep "$1"; done
            """;

    private final Process process;
    private final OutputStream pipe;

    private Guard(Process process) {
        this.process = process;
        this.pipe = process.getOutputStream();
    }

    /** @param mark a text that is in the environment of the function's processes and nobody else's */
    static Guard start(Path setsid, String mark) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(setsid.toString(), "/bin/sh", "-c", SCRIPT, "shardmill-guard", mark)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", "/usr/bin:/bin");
        return new Guard(builder.start());
    }

    /** Tells it the process to watch, which leads a group of its own. {@code onDeath} runs if the guard itself is killed. */
    void watch(Process leader, Runnable onDeath) throws IOException {
        pipe.write((leader.pid() + "\n").getBytes(StandardCharsets.US_ASCII));
        pipe.flush();
        var unused = process.onExit().thenRun(onDeath);
    }

    /** Kills all that it watches; returns at once. */
    void strike() {
        try {
            pipe.close();
        } catch (IOException alreadyGone) {
            process.destroyForcibly();
        }
    }

    /** Whether everything it watched is dead. */
    boolean awaitEnd(long seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }
}
