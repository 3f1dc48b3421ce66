package io.shardmill.lambda.process;

import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.internal.PlatformLog;
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
    private static final int GUARD_TIMEOUT_SECONDS = 5;

    private final RuntimeSession session;
    private final LoopbackServer server;
    private final Guard guard;
    private final Process process;
    private final OutputPipe output;
    private final MemoryWatch watch;
    private final GroupMemory memory;
    private final long startedNanos = System.nanoTime();

    private RuntimeProcess(Parts parts, FunctionRevision revision, MemoryWatch watch, PlatformLog platform) {
        this.session = parts.session();
        this.server = parts.server();
        this.guard = parts.guard();
        this.process = parts.process();
        this.output = parts.output();
        this.watch = watch;
        long limit = GroupMemory.limitKilobytes(revision.configuration());
        this.memory = new GroupMemory(process.pid(), session, limit, size -> {
            session.endPolls(); // an invocation that has not begun must not fail by it
            try {
                platform.outOfMemory(size, limit);
            } finally {
                kill();
            }
        });
    }

    private record Parts(
            RuntimeSession session, LoopbackServer server, Guard guard, Process process, OutputPipe output) {}

    /**
     * Starts the guard, then the process.
     *
     * @throws InvalidEntrypointException if what was deployed cannot be executed
     * @throws IOException if this system has no process for it
     */
    static RuntimeProcess start(
            FunctionRevision revision, ProcessUser user, HostResources resources, Path temporary, FunctionLog log)
            throws InvalidEntrypointException, IOException {
        Files.createDirectories(temporary);
        List<String> command = command(revision, user, resources, temporary);
        user.own(temporary);
        RuntimeSession session = new RuntimeSession();
        String mark = UUID.randomUUID().toString().replace("-", "");
        try (ResourceStack opened = new ResourceStack()) {
            LoopbackServer server =
                    new LoopbackServer(resources.threads(), PeerCheck.ofUser(user.uid()), new RuntimeApi(session));
            opened.push(server::close);
            Guard guard = Guard.start(resources.setsid(), mark);
            opened.push(guard::killAll);
            EnvironmentVariables.Place place = new EnvironmentVariables.Place(
                    server.address(),
                    logStream(revision, mark),
                    temporary,
                    resources.clientFolder(),
                    programs(revision, user, resources));
            Process process = start(command, revision.code(), EnvironmentVariables.of(revision, place));
            opened.push(process::destroyForcibly);
            OutputPipe output = new OutputPipe(process, log, resources.threads());
            opened.push(output::close);
            RuntimeProcess started = new RuntimeProcess(
                    new Parts(session, server, guard, process, output),
                    revision,
                    resources.memory(),
                    new PlatformLog(revision, log::platform));
            guard.watch(process, started::killUnguarded);
            resources.threads().execute(started::awaitExit);
            started.watchMemory();
            opened.release();
            return started;
        }
    }

    /** Puts it in a session and group of its own: Ctrl-C does not reach it, and it can be killed as one. */
    private static List<String> command(
            FunctionRevision revision, ProcessUser user, HostResources resources, Path temporary)
            throws InvalidEntrypointException, IOException {
        List<String> command = new ArrayList<>();
        command.add(resources.setsid().toString());
        command.addAll(user.command());
        command.addAll(LaunchCommand.of(revision, user, resources, temporary));
        return command;
    }

    private static Path programs(FunctionRevision revision, ProcessUser user, HostResources resources) {
        Path java = resources.javaHome().resolve("bin");
        LambdaRuntime runtime = revision.program().runtime();
        if (!runtime.isInterpreted()) {
            return java;
        }
        Path folder = resources.interpreters().find(runtime, user).program().getParent();
        return folder == null ? java : folder;
    }

    private static String logStream(FunctionRevision revision, String mark) {
        return LocalDate.now(ZoneOffset.UTC).format(DAY) + "/[" + revision.version() + "]" + mark;
    }

    private static Process start(List<String> command, Path folder, Map<String, String> variables) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(variables);
        return builder.start();
    }

    private void watchMemory() {
        watch.add(memory);
        if (session.hasEnded()) {
            watch.remove(memory); // it had exited before it was added
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

    /** Hands it an event, for which it may need more memory. */
    void dispatch(RuntimeInvocation invocation) {
        session.dispatch(invocation);
        watch.resume();
    }

    /** Kills it and all of its descendants; returns at once. What lives a little longer takes no event. */
    void kill() {
        session.endPolls();
        guard.killAll();
        process.toHandle().destroyForcibly();
    }

    /** Returns when nothing is left of it. */
    boolean awaitEnd() throws InterruptedException {
        return session.awaitEnded(System.nanoTime() + TimeUnit.SECONDS.toNanos(GUARD_TIMEOUT_SECONDS + 2));
    }

    /** Returns how it ended; 128 and the signal's number if it was killed. */
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

    private void killUnguarded() {
        session.endPolls();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
    }

    private void awaitExit() {
        try {
            process.waitFor();
            session.endPolls();
            guard.killAll(); // for those it leaves behind
            guard.awaitEnd(GUARD_TIMEOUT_SECONDS);
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
