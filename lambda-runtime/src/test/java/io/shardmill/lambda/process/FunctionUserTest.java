package io.shardmill.lambda.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shardmill.lambda.DeploymentException;
import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.HostedFunction;
import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A function that runs as another user. Only root may run the tests that change users; for anybody else these prove the
 * refusal, and the others the command and the permissions that the change consists of.
 */
@Timeout(120)
class FunctionUserTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private Path folder;
    private HostResources resources;
    private boolean isRoot;

    /** A folder that others may enter, as JUnit's own may not be. */
    @BeforeEach
    void open() throws Exception {
        folder = Files.createTempDirectory("shardmill-user");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        resources = HostResources.open(folder.resolve("processes"));
        isRoot = ProcessStatus.ownUid() == 0;
    }

    @AfterEach
    void close() throws Exception {
        resources.close();
        Folders.delete(folder);
    }

    private ProcessFunction start(Path code, ProcessUser user) {
        return new ProcessFunction(Functions.provided(code, LONG), user, EnvironmentLimits.LAMBDA, resources);
    }

    private Path loop(String body) throws Exception {
        Path code = Files.createDirectory(resources.codeFolder().resolve("code"));
        Path bootstrap = Files.writeString(
                code.resolve("bootstrap"), "#!/bin/sh\n" + Functions.LOOP + "while :; do next\n" + body + "\ndone\n");
        Files.setPosixFilePermissions(bootstrap, PosixFilePermissions.fromString("rwx------"));
        return code;
    }

    private static InvokeResponse invoke(ProcessFunction function, String event) throws Exception {
        return function.invoke(InvokeRequest.of(event.getBytes(UTF_8)));
    }

    @Test
    void nothing_is_left_of_a_copy_of_code_that_fails() throws Exception {
        Path code = Files.createDirectory(folder.resolve("code"));
        Files.createSymbolicLink(code.resolve("bootstrap"), Path.of("nowhere"));
        ProcessOptions options = new ProcessOptions(folder.resolve("other"), "nobody", List.of(), false);
        try (ProcessHost host = new ProcessHost(options)) {
            assertThatThrownBy(() -> host.open(Functions.provided(code, LONG)))
                    .isInstanceOf(isRoot ? DeploymentException.class : IllegalStateException.class);
            assertThat(Folders.entries(options.folder().resolve("shardmill-environments/code")))
                    .isEmpty();
        }
    }

    @Test
    void it_has_the_users_rights_and_no_others_and_ends_with_all_it_leaves_behind() throws Exception {
        if (!isRoot) {
            assertRefused("nobody");
            return;
        }
        ProcessUser nobody = resources.user("nobody");
        Path closed = Files.createDirectory(
                folder.resolve("data"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(closed.resolve("record"), "secret");
        Path code = loop("""
                case $event in
                  who) respond "$(id -un) $(id -G) $(grep -c 'NoNewPrivs:.1' /proc/self/status) $(grep CapEff /proc/self/status | tr -d '\\t')";;
                  read) respond "$(cat FOLDER/data/record /proc/SERVER/environ 2>&1 | tr -d '\\0' | head -c 300)";;
                  list) respond "$(ls FOLDER PROCESSES PROCESSES/environments 2>&1 | grep -c denied)";;
                  write) respond "$(touch ./x bootstrap 2>&1 | grep -c denied) $(touch $TMPDIR/y && echo can)";;
                  leave) setsid sleep 600 & respond $!;;
                esac
                """.replace(
                        "PROCESSES", resources.environmentsFolder().getParent().toString())
                .replace("FOLDER", folder.toString())
                .replace("SERVER", Long.toString(ProcessHandle.current().pid())));
        nobody.permit(code);
        long left;
        try (ProcessFunction function = start(code, nobody)) {
            assertThat(Functions.text(invoke(function, "who"))).startsWith("nobody 65534 1 CapEff:0000000000000000");
            assertThat(Functions.text(invoke(function, "read")))
                    .contains("ermission denied")
                    .doesNotContain("secret", "PATH=");
            assertThat(Functions.text(invoke(function, "list"))).isEqualTo("3");
            assertThat(Functions.text(invoke(function, "write"))).isEqualTo("2 can");
            left = Long.parseLong(Functions.text(invoke(function, "leave")));
            assertThat(Functions.isAlive(left)).isTrue();
        }
        await().until(() -> !Functions.isAlive(left));
        try (var temporary = Files.list(resources.environmentsFolder())) {
            assertThat(temporary).as("its temporary files").isEmpty();
        }
    }

    @Test
    void its_layers_are_copied_for_the_user_with_the_code() throws Exception {
        if (!isRoot) {
            assertRefused("nobody");
            return;
        }
        Path code = Files.createDirectory(folder.resolve("closed"));
        Path layers = Files.createDirectory(folder.resolve("layers"));
        Files.setPosixFilePermissions(layers, PosixFilePermissions.fromString("rwx------"));
        Path bootstrap = Files.writeString(
                layers.resolve("bootstrap"),
                "#!/bin/sh\n" + Functions.LOOP
                        + "while :; do next; respond \"$(id -un) $(cat $SHARDMILL_LAYERS_ROOT/data)\"; done\n");
        Files.setPosixFilePermissions(bootstrap, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(layers.resolve("data"), "data");
        ProcessOptions options = new ProcessOptions(folder.resolve("other"), "nobody", List.of(), false);
        try (ProcessHost host = new ProcessHost(options)) {
            FunctionRevision revision = Functions.provided(code, LONG).withCode(code, layers);
            try (HostedFunction function = host.open(revision)) {
                assertThat(Functions.text(function.invoke(InvokeRequest.of(new byte[0]))))
                        .isEqualTo("nobody data");
            }
            assertThat(Folders.entries(options.folder().resolve("shardmill-environments/code")))
                    .isEmpty();
        }
    }

    @Test
    void a_java_function_runs_as_another_user_too() throws Exception {
        if (!isRoot) {
            assertRefused("daemon");
            return;
        }
        ProcessUser nobody = resources.user("nobody");
        Path code = Files.createDirectory(resources.codeFolder().resolve("java"));
        HandlerJar.compile(ExampleHandlers.CLASS, ExampleHandlers.SOURCE, code);
        nobody.permit(code);
        FunctionRevision revision = Functions.revision("java17", "ex.Handlers$Multi", code, LONG, Map.of());
        try (ProcessFunction function =
                new ProcessFunction(revision, nobody, new EnvironmentLimits(1, LONG, LONG), resources)) {
            InvokeResponse response = invoke(function, "{\"do\":\"count\"}");
            assertThat(response.functionError()).as(Functions.text(response)).isNull();
        }
    }

    private void assertRefused(String user) {
        assertThatThrownBy(() -> resources.user(user))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("'" + user + "'; this server can't run processes as that user (")
                .hasMessageEndingWith(
                        "); name a folder that this user can enter, and start the server as root, or with the ambient"
                                + " capabilities CAP_SETUID, CAP_SETGID, CAP_KILL, CAP_CHOWN, CAP_DAC_OVERRIDE and"
                                + " CAP_SYS_PTRACE");
        try (var left = Files.list(resources.codeFolder().getParent())) {
            assertThat(left)
                    .as("nothing of the trial")
                    .noneMatch(path -> path.getFileName().toString().startsWith("user"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    void the_command_takes_the_users_ids_and_gives_up_every_right() {
        assertThat(new ProcessUser("orders", 1001, 1002).command())
                .containsExactly(
                        "setpriv",
                        "--reuid=1001",
                        "--regid=1002",
                        "--init-groups",
                        "--inh-caps=-all",
                        "--ambient-caps=-all",
                        "--no-new-privs",
                        "--");
    }

    @Test
    void a_function_of_the_servers_own_user_needs_no_other_command_unless_the_server_hands_down_rights()
            throws Exception {
        assertThat(ProcessUser.ofServer(false).command()).isEmpty();

        List<String> command = new ArrayList<>(ProcessUser.ofServer(true).command());
        command.addAll(List.of("grep", "-E", "^(NoNewPrivs|CapInh|CapAmb):", "/proc/self/status"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8).replaceAll("\\s+", " "))
                .isEqualTo("CapInh: 0000000000000000 CapAmb: 0000000000000000 NoNewPrivs: 1 ");
    }

    @Test
    void code_is_opened_to_the_users_group_and_to_nobody_else() throws Exception {
        Path code = Files.createDirectories(folder.resolve("own"));
        Path bootstrap = Files.writeString(code.resolve("bootstrap"), "");
        Path data = Files.writeString(code.resolve("data"), "");
        Files.setPosixFilePermissions(bootstrap, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rw-rw-rw-"));

        resources.ownUser().permit(code);

        assertThat(permissions(code)).isEqualTo("rwxr-x---");
        assertThat(permissions(bootstrap)).isEqualTo("rwxr-x---");
        assertThat(permissions(data)).isEqualTo("rw-r-----");
    }

    @Test
    void a_folder_of_the_users_own_is_closed_to_everybody_else() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));

        resources.ownUser().own(temporary);

        assertThat(permissions(temporary)).isEqualTo("rwx------");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void an_unknown_user_is_refused_by_name() {
        assertThatThrownBy(() -> resources.user("no-such-user"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("'no-such-user'; there is no such user on this system");
        assertThatThrownBy(() -> resources.user("-1")).hasMessage("'-1'; it must name a user of this system");
        assertThatThrownBy(() -> resources.user(" ")).hasMessage("' '; it must name a user of this system");
    }
}
