package io.shardmill.spring;

import io.shardmill.runtime.DaemonThreads;
import io.shardmill.spring.backup.Backups;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * The actuator endpoint {@code shardmillbackup}: takes a backup, and shows the last one. A backup that takes longer than a
 * request should continues, and reading the endpoint shows when it is complete. Wrong requests are {@link IllegalArgumentException}s.
 */
@Endpoint(id = "shardmillbackup")
public final class ShardmillBackupEndpoint {

    private final Backups backups;
    private volatile BackupStatus last = BackupStatus.of(State.NONE);

    ShardmillBackupEndpoint(Backups backups) {
        this.backups = backups;
    }

    /** How the last backup stands. */
    public enum State {
        /** None was taken since the start. */
        NONE,
        RUNNING,
        COMPLETE,
        FAILED
    }

    /**
     * The last backup that was asked for here.
     *
     * @param folder of the backup; this, the time and the size are null unless it is complete
     * @param taken when it was begun: what was acknowledged before is in it
     * @param bytes of all records, with their overhead
     * @param error null unless it has failed
     */
    public record BackupStatus(
            State state,
            @Nullable String folder,
            @Nullable Instant taken,
            @Nullable Long bytes,
            @Nullable String error) {

        static BackupStatus of(State state) {
            return new BackupStatus(state, null, null, null, null);
        }

        static BackupStatus of(Backups.Backup backup) {
            return new BackupStatus(State.COMPLETE, backup.folder().toString(), backup.taken(), backup.bytes(), null);
        }

        static BackupStatus failed(Throwable failure) {
            return new BackupStatus(State.FAILED, null, null, null, String.valueOf(failure.getMessage()));
        }
    }

    @ReadOperation
    public BackupStatus last() {
        return last;
    }

    /**
     * Takes a backup.
     *
     * @param name of its folder in the folder of backups; the present time by default
     * @throws IllegalStateException if another one is being taken
     */
    @WriteOperation
    public BackupStatus take(@Nullable String name) {
        CompletableFuture<Backups.Backup> taken = begin(name);
        try {
            taken.get(ShardmillEndpoint.CHANGE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return last;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IllegalArgumentException invalid) {
                throw invalid;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", interrupted);
        }
        return last;
    }

    private synchronized CompletableFuture<Backups.Backup> begin(@Nullable String name) {
        BackupStatus before = last;
        if (before.state() == State.RUNNING) {
            throw new IllegalStateException("a backup is being taken; try again when it is complete");
        }
        CompletableFuture<Backups.Backup> taken = new CompletableFuture<>();
        DaemonThreads.named("shardmill-backup")
                .newThread(() -> run(name, before, taken))
                .start();
        last = BackupStatus.of(State.RUNNING);
        return taken;
    }

    private void run(@Nullable String name, BackupStatus before, CompletableFuture<Backups.Backup> taken) {
        try {
            Backups.Backup backup = name == null ? backups.take() : backups.take(name);
            end(BackupStatus.of(backup));
            taken.complete(backup);
        } catch (Throwable failure) {
            end(failure instanceof IllegalArgumentException ? before : BackupStatus.failed(failure));
            taken.completeExceptionally(failure);
        }
    }

    /** Waits until the beginning is shown. */
    private synchronized void end(BackupStatus status) {
        last = status;
    }
}
