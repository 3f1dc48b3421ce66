package io.shardmill.lambda.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Kills a function's processes on request, and when this process dies. It is a small shell that waits on a pipe from this
 * process: it starts before the function, in a session of its own. When the pipe ends, it kills the function's process
 * group, and every process outside of that group that carries the function's mark in its environment (Linux only). It
 * neither polls nor needs the function to do anything.
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

    /** Names the process to watch, which leads a group of its own. {@code onDeath} runs if the guard itself is killed. */
    void watch(Process leader, Runnable onDeath) throws IOException {
        pipe.write((leader.pid() + "\n").getBytes(StandardCharsets.US_ASCII));
        pipe.flush();
        var unused = process.onExit().thenRun(onDeath);
    }

    /** Kills all that it watches; returns at once. */
    void killAll() {
        try {
            pipe.close();
        } catch (IOException alreadyGone) {
            process.destroyForcibly();
        }
    }

    /** Waits for its work; returns whether everything it watched is dead. */
    boolean awaitEnd(long seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }
}
