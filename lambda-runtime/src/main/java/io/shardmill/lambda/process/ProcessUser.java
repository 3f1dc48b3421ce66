package io.shardmill.lambda.process;

import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A user of this system, as whom a function's processes run. Immutable. */
final class ProcessUser {

    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rwxr-x---");
    private static final Set<PosixFilePermission> READABLE_FILE = PosixFilePermissions.fromString("rw-r-----");
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final long KILL_TIMEOUT_SECONDS = 10;
    private static final List<String> WITHOUT_RIGHTS =
            List.of("setpriv", "--inh-caps=-all", "--ambient-caps=-all", "--no-new-privs", "--");

    private final String name;
    private final int uid;
    private final int gid;
    private final List<String> command;

    private ProcessUser(String name, int uid, int gid, List<String> command) {
        this.name = name;
        this.uid = uid;
        this.gid = gid;
        this.command = List.copyOf(command);
    }

    /** Another user, whose processes have no right of the server's, and can't get any. */
    ProcessUser(String name, int uid, int gid) {
        this(name, uid, gid, changing(uid, gid));
    }

    private static List<String> changing(int uid, int gid) {
        List<String> command = new ArrayList<>(WITHOUT_RIGHTS);
        command.addAll(1, List.of("--reuid=" + uid, "--regid=" + gid, "--init-groups"));
        return command;
    }

    /** Returns the user of this process, whose functions must not inherit its ambient capabilities. */
    static ProcessUser ofServer() throws IOException {
        return ofServer(ProcessStatus.hasAmbientCapabilities());
    }

    static ProcessUser ofServer(boolean hasAmbientCapabilities) throws IOException {
        return new ProcessUser(
                "the server's",
                (int) ProcessStatus.ownUid(),
                (int) ProcessStatus.ownGid(),
                hasAmbientCapabilities ? WITHOUT_RIGHTS : List.of());
    }

    /**
     * Finds the user, and tries what running as this user needs: to become it, to own and delete its files, to measure
     * its processes, and to kill them.
     *
     * @param folder which the user must be able to enter
     * @throws IOException if this is not possible; the message says what is needed
     */
    static ProcessUser of(String name, Path folder) throws IOException, InterruptedException {
        if (name.isBlank() || name.startsWith("-")) {
            throw new IOException("'" + name + "'; it must name a user of this system");
        }
        int uid = id("-u", name);
        ProcessUser user = new ProcessUser(name, uid, id("-g", name));
        Path trial = Files.createTempDirectory(folder, "user");
        try {
            user.own(trial);
            user.tryToRun(trial);
        } catch (IOException impossible) {
            throw new IOException(
                    "'" + name + "'; this server can't run processes as that user (" + impossible.getMessage()
                            + "); name a folder that this user can enter, and start the server as root, or with the ambient capabilities CAP_SETUID, CAP_SETGID, CAP_KILL,"
                            + " CAP_CHOWN, CAP_DAC_OVERRIDE and CAP_SYS_PTRACE",
                    impossible);
        } finally {
            Folders.delete(trial);
        }
        return user;
    }

    private static int id(String option, String name) throws IOException, InterruptedException {
        try {
            return Integer.parseInt(output(List.of("id", option, name)).strip());
        } catch (NumberFormatException unknown) {
            throw new IOException("'" + name + "'; there is no such user on this system", unknown);
        }
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    private void tryToRun(Path own) throws IOException, InterruptedException {
        List<String> trial = new ArrayList<>(command);
        trial.addAll(List.of(
                "/bin/sh",
                "-c",
                "cd \"$1\" && : > file && [ $(id -u) = \"$2\" ] && echo ready && exec sleep 60",
                "shardmill",
                own.toString(),
                Integer.toString(uid)));
        Process process = new ProcessBuilder(trial).redirectErrorStream(true).start();
        try {
            byte[] first = process.getInputStream().readNBytes("ready".length());
            String answer = new String(first, StandardCharsets.UTF_8);
            if (!answer.equals("ready")) {
                byte[] rest = process.getInputStream().readAllBytes();
                throw new IOException((answer + new String(rest, StandardCharsets.UTF_8)).strip());
            }
            requireReadable(process.pid());
        } finally {
            process.destroyForcibly();
        }
        if (!process.waitFor(KILL_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("its processes can't be killed");
        }
    }

    private static void requireReadable(long pid) throws IOException {
        try {
            ProcessStatus.requireReadable(pid);
        } catch (IOException denied) {
            throw new IOException(
                    "its processes can't be measured, which takes CAP_SYS_PTRACE: " + denied.getMessage(), denied);
        }
    }

    /** Returns what a command is to be preceded by. */
    List<String> command() {
        return command;
    }

    long uid() {
        return uid;
    }

    /** Gives the user a folder that nobody else may enter. */
    void own(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PRIVATE);
        Files.setAttribute(folder, "unix:gid", gid);
        Files.setAttribute(folder, "unix:uid", uid);
    }

    /** Lets the user read a tree, and nobody else who may not already. */
    void permit(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                permit(folder, READABLE);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                permit(file, Files.isExecutable(file) ? READABLE : READABLE_FILE);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private void permit(Path path, Set<PosixFilePermission> permissions) throws IOException {
        Files.setAttribute(path, "unix:gid", gid);
        Files.setPosixFilePermissions(path, permissions);
    }

    @Override
    public String toString() {
        return name;
    }
}
