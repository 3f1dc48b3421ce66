package io.shardmill.lambda.process;

import io.shardmill.lambda.FunctionRevision;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of an execution environment, replaced when it ends or is killed, and the folder for temporary files, which
 * outlives it. Started by one thread at a time; killed and closed by any.
 */
final class EnvironmentProcess {

    private static final Logger LOG = LoggerFactory.getLogger(EnvironmentProcess.class);

    private final FunctionRevision revision;
    private final ProcessUser user;
    private final HostResources resources;
    private final FunctionLog log;
    private final Path temporary;

    private volatile @Nullable RuntimeProcess current;
    private volatile boolean isOver;

    EnvironmentProcess(FunctionRevision revision, ProcessUser user, HostResources resources, FunctionLog log) {
        this.revision = revision;
        this.user = user;
        this.resources = resources;
        this.log = log;
        this.temporary =
                resources.environmentsFolder().resolve(UUID.randomUUID().toString());
    }

    /** Returns the newest process, which may have ended; null if there is none. */
    @Nullable
    RuntimeProcess current() {
        return current;
    }

    /** Returns the process that lives, or starts one. */
    RuntimeProcess living() throws InvalidEntrypointException, IOException, InterruptedException {
        RuntimeProcess process = current;
        if (process == null || process.session().isOver()) {
            if (process != null) {
                end(process);
            }
            process = start();
        }
        return process;
    }

    private RuntimeProcess start() throws InvalidEntrypointException, IOException {
        current = null;
        RuntimeProcess started = RuntimeProcess.start(revision, user, resources, temporary, log);
        current = started;
        if (isOver) {
            started.kill(); // it came after killForGood() had looked
        }
        return started;
    }

    static void end(RuntimeProcess ending) throws InterruptedException {
        ending.kill();
        if (!ending.awaitEnd()) {
            LOG.warn("Process {} of a function does not end although it was killed", ending.pid());
        }
    }

    /** Returns whether no process is to live any more. */
    boolean isOver() {
        return isOver;
    }

    /** Kills the process, and each that is still being started; returns at once. */
    void killForGood() {
        isOver = true;
        kill();
    }

    /** Kills the process, if there is one; returns at once. */
    void kill() {
        RuntimeProcess process = current;
        if (process != null) {
            process.kill();
        }
    }

    /** Kills the process for good and deletes the folder; returns when that is done. */
    void close() throws InterruptedException {
        isOver = true;
        RuntimeProcess process = current;
        if (process != null) {
            end(process);
        }
        try {
            Folders.delete(temporary);
        } catch (IOException inUse) {
            LOG.warn(
                    "Could not delete the folder {} of an ended execution environment: {}",
                    temporary,
                    inUse.getMessage());
        }
    }
}
