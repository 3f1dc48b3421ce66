package io.shardmill.lambda.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.lambda.InvokeRequest;
import io.shardmill.runtime.files.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What functions inherit of a server's rights, and which it needs. Only root can start servers with others than its own. */
@Timeout(120)
class ServerRightsTest {

    private Path folder;
    private boolean isRoot;

    /** A folder that others may enter, as JUnit's own may not be. */
    @BeforeEach
    void open() throws Exception {
        folder = Files.createTempDirectory("shardmill-rights");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        isRoot = ProcessStatus.ownUid() == 0;
    }

    @AfterEach
    void close() throws Exception {
        Folders.delete(folder);
    }

    /** Prints the rights of a function of its own user. */
    static final class Server {

        private Server() {}

        public static void main(String[] args) throws Exception {
            try (Functions functions = new Functions(Path.of(args[0]))) {
                Path code = functions.loop(
                        "respond \"$(grep -E 'CapInh|CapAmb|NoNewPrivs' /proc/self/status | tr '\\t\\n' '= ')\"");
                ProcessFunction function = functions.start(Functions.provided(code, Duration.ofSeconds(60)));
                System.out.println(Functions.text(function.invoke(InvokeRequest.of("".getBytes(UTF_8)))));
            }
        }
    }

    /** Prints whether functions can run as nobody. */
    static final class ServerOfUser {

        private ServerOfUser() {}

        public static void main(String[] args) {
            try (HostResources resources = HostResources.open(Path.of(args[0]))) {
                System.out.println(resources.user("nobody"));
            } catch (IllegalStateException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    private String run(Class<?> main, String... rights) throws Exception {
        List<String> command = new ArrayList<>();
        if (isRoot && rights.length > 0) {
            command.add("setpriv");
            command.addAll(List.of(rights));
            command.add("--");
        }
        command.addAll(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                folder.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            return new String(process.getInputStream().readAllBytes(), UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void a_function_of_the_servers_user_inherits_no_ambient_capabilities() throws Exception {
        assertThat(run(Server.class, "--inh-caps=+kill,+setuid", "--ambient-caps=+kill,+setuid"))
                .contains("CapInh:=0000000000000000 CapAmb:=0000000000000000 NoNewPrivs:=" + (isRoot ? 1 : 0));
    }

    @Test
    void a_server_without_rights_is_refused_with_those_it_lacks() throws Exception {
        assertThat(run(ServerOfUser.class, "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"))
                .contains(
                        "'nobody'; this server can't run processes as that user (",
                        "start the server as root, or with the ambient capabilities CAP_SETUID, CAP_SETGID,");
    }

    @Test
    void a_server_that_cant_measure_other_users_processes_is_refused_with_the_capability_it_lacks() throws Exception {
        String lacking = "-sys_ptrace,-perfmon,-sys_admin"; // newer kernels are content with one of the others
        assertThat(run(ServerOfUser.class, "--bounding-set=" + lacking, "--inh-caps=" + lacking))
                .contains(isRoot ? "can't be measured, which takes CAP_SYS_PTRACE" : "and CAP_SYS_PTRACE");
        assertThat(run(ServerOfUser.class)).contains(isRoot ? "nobody" : "start the server as root");
    }
}
