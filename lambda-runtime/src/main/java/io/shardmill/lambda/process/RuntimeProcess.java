package io.shardmill.lambda.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * One process of a function, with its Runtime API, its output and its guard. However it ends, all of its descendants
 * end with it, its last output is in the log, and then its session ends. Thread-safe.
 */
final class RuntimeProcess {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy/MM/dd");
    private static final int KILLED = 128 + 9;
    private static final int GUARD_SECONDS = 5;

    private final RuntimeSession session;
    private final LoopbackServer server;
    private final Guard guard;
    private final Process process;
    private final OutputPipe output;
    private final MemoryWatch watch;
    private final GroupMemory memory;
    private final long startedNanos = System.nanoTime();

    private RuntimeProcess(
            RuntimeSession session,
            LoopbackServer server,
            Guard guard,
            Process process,
            OutputPipe output,
            MemoryLimit limit) {
        this.session = session;
        this.server = server;
        this.guard = guard;
        this.process = process;
        this.output = output;
        this.watch = limit.watch();
        this.memory = new GroupMemory(process.pid(), session, limit.kilobytes(), size -> {
            session.exit(); // an invocation that has not begun is not told of a limit that it had no part in
            try {
                limit.lines().outOfMemory(size);
            } finally {
                kill();
            }
        });
    }

    /** @param lines says that it was exceeded, and of which function */
    private record MemoryLimit(MemoryWatch watch, long kilobytes, PlatformLines lines) {}

    /**
     * Starts the guard, then the process.
     *
     * @throws BadStartException if what was deployed cannot be executed
     * @throws IOException if this system has no process for it
     */
    static RuntimeProcess start(
            ProcessFunctionSettings settings, ProcessRuntime runtime, Path temporary, FunctionLog log)
            throws BadStartException, IOException {
        Files.createDirectories(temporary);
        List<String> command = new ArrayList<>(LaunchCommand.of(settings, runtime, temporary));
        ProcessUser user = settings.user();
        if (user != null) {
            user.own(temporary);
        }
        command.addAll(0, user == null ? ProcessUser.ownCommand() : user.command());
        // In a session and group of its own: Ctrl-C is not for it, and it can be killed as one.
        command.add(0, runtime.setsid().toString());
        String mark = UUID.randomUUID().toString().replace("-", "");
        int concurrency = settings.environments().concurrency();
        RuntimeSession session = concurrency == 1 ? new SingleSession() : new ConcurrentSession(concurrency);
        LoopbackServer server = new LoopbackServer(runtime.threads(), runtime.peers(user), new RuntimeApi(session));
        Guard guard = null;
        Process process = null;
        OutputPipe output = null;
        try {
            guard = Guard.start(runtime.setsid(), mark);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(settings.code().folder().toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true);
            Map<String, String> environment = builder.environment();
            environment.clear();
            environment.putAll(EnvironmentVariables.of(
                    settings,
                    new EnvironmentVariables.Place(
                            server.address(),
                            LocalDate.now(ZoneOffset.UTC).format(DAY) + "/["
                                    + settings.identity().version() + "]" + mark,
                            temporary,
                            runtime.clientFolder(),
                            runtime.javaHome())));
            process = builder.start();
            output = new OutputPipe(process, log, runtime.threads());
            MemoryLimit limit = new MemoryLimit(
                    runtime.memory(), settings.memoryLimitKilobytes(), new PlatformLines(log, settings));
            RuntimeProcess started = new RuntimeProcess(session, server, guard, process, output, limit);
            guard.watch(process, started::killUnguarded);
            runtime.threads().execute(started::awaitExit);
            runtime.memory().add(started.memory);
            if (session.hasEnded()) {
                runtime.memory().remove(started.memory); // it had exited before it was added
            }
            return started;
        } catch (Throwable notStarted) { // errors, too: there may be no thread for it
            server.close();
            if (guard != null) {
                guard.strike();
            }
            if (process != null) {
                process.destroyForcibly();
            }
            if (output != null) {
                output.close();
            }
            throw notStarted;
        }
    }

    RuntimeSession session() {
        return session;
    }

    long pid() {
        return process.pid();
    }

    long startedNanos() {
        return startedNanos;
    }

    /** Kills it and all of its descendants; returns at once. What lives a little longer takes no event. */
    void kill() {
        session.exit();
        guard.strike();
        process.toHandle().destroyForcibly();
    }

    /** Returns when nothing is left of it. */
    boolean awaitEnd() throws InterruptedException {
        return session.awaitEnded(System.nanoTime() + TimeUnit.SECONDS.toNanos(GUARD_SECONDS + 2));
    }

    /** When it has been ended; 128 and the signal's number if it was killed. */
    int exitStatus() {
        return process.isAlive() ? KILLED : process.exitValue();
    }

    /** Returns when what it has printed so far is in the log. */
    void catchUpWithOutput() throws InterruptedException {
        output.catchUp();
    }

    /** Returns the most that it and its children have had together so far, in megabytes. */
    long peakMemoryMegabytes() {
        return memory.peakMegabytes();
    }

    /** To be called when it gets an event: it may need more memory from now on. */
    void begin() {
        watch.resume();
    }

    private void killUnguarded() {
        session.exit();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
    }

    private void awaitExit() {
        try {
            process.waitFor();
            session.exit();
            guard.strike(); // for those it leaves behind
            guard.awaitEnd(GUARD_SECONDS);
            output.finish();
        } catch (InterruptedException stop) {
            kill();
        } finally {
            server.close();
            session.end();
            watch.remove(memory);
        }
    }
}
