package io.shardmill.lambda.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.lambda.LambdaRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which program runs Python and JavaScript. */
class InterpretersTest {

    @TempDir
    private Path folder;

    private ProcessUser user;

    @BeforeEach
    void findUser() throws IOException {
        user = ProcessUser.ofServer();
    }

    /** A script that says it is a version of an interpreter. */
    private Path interpreter(String path, String version) {
        return program(path, "echo " + version + "\necho \"$0\"");
    }

    private Path program(String path, String script) {
        try {
            Path program = folder.resolve(path);
            Files.createDirectories(program.getParent());
            Files.writeString(program, "#!/bin/sh\n" + script + "\n");
            return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Interpreters onPath(String... folders) {
        return interpreters(List.of(), false, folders);
    }

    private Interpreters interpreters(List<Path> named, boolean allowOtherVersions, String... folders) {
        List<String> path = List.of(folders).stream()
                .map(each -> folder.resolve(each).toString())
                .toList();
        return new Interpreters(named, allowOtherVersions, String.join(":", path));
    }

    private Path find(Interpreters interpreters, LambdaRuntime runtime) {
        return interpreters.find(runtime, user).program();
    }

    @Test
    void the_interpreter_of_a_runtimes_version_is_looked_for_on_the_path() {
        interpreter("a/python3", "3.9.18");
        Path twelve = interpreter("b/python3.12", "3.12.1");
        Path thirteen = interpreter("b/python3", "3.13.0");
        interpreter("a/node", "18.20.4");
        Path node = interpreter("b/node", "22.1.0");
        Interpreters interpreters = onPath("a", "nowhere", "b");

        assertThat(find(interpreters, LambdaRuntime.PYTHON3_12)).isEqualTo(twelve);
        assertThat(find(interpreters, LambdaRuntime.PYTHON3_13)).isEqualTo(thirteen);
        assertThat(find(interpreters, LambdaRuntime.NODEJS22_X)).isEqualTo(node);
    }

    @Test
    void what_is_run_is_the_program_itself_and_not_one_that_chooses_it() {
        program("shims/python3", "echo 3.12.1\necho /opt/python3.12/bin/python3.12");
        assertThat(find(onPath("shims"), LambdaRuntime.PYTHON3_12))
                .isEqualTo(Path.of("/opt/python3.12/bin/python3.12"));
    }

    @Test
    void one_that_is_named_comes_first() {
        interpreter("a/node", "20.1.0");
        Path named = interpreter("opt/bin/node", "20.9.0");
        assertThat(find(interpreters(List.of(named), false, "a"), LambdaRuntime.NODEJS20_X))
                .isEqualTo(named);
    }

    @Test
    void one_that_cannot_say_its_version_is_passed_over() {
        program("a/python3.12", "echo not installed; exit 127");
        Path works = interpreter("b/python3.12", "3.12.1");
        assertThat(find(onPath("a", "b"), LambdaRuntime.PYTHON3_12)).isEqualTo(works);
    }

    @Test
    void a_name_behind_which_pyenv_has_no_version_is_not_found_and_the_message_says_so() {
        Path shim = program("a/python3.9", "echo 'pyenv: python3.9: command not found' >&2; echo; echo tips; exit 127");
        interpreter("a/python3", "3.11.7");
        assertThatThrownBy(() -> find(onPath("a"), LambdaRuntime.PYTHON3_9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("runtime: 'python3.9' needs Python 3.9, but there is only 3.11.7; " + shim
                        + " can't be used: nothing is installed under that name: pyenv: python3.9: command not found; install it"
                        + " on the server's PATH, or name it in shardmill.interpreters, or set"
                        + " shardmill.allow-other-interpreter-versions");
        assertThatThrownBy(() -> interpreters(List.of(shim), false).checkNamed(user))
                .hasMessage("interpreters: '" + shim
                        + "' must be a python or node that can be run (nothing is installed under that name:"
                        + " pyenv: python3.9: command not found); correct it or leave it out");
    }

    @Test
    void another_version_is_refused_unless_allowed() {
        Path python = interpreter("a/python3", "3.1.9");
        assertThatThrownBy(() -> find(onPath("a"), LambdaRuntime.PYTHON3_12))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("runtime: 'python3.12' needs Python 3.12, but there is only 3.1.9; install it"
                        + " on the server's PATH, or name it in shardmill.interpreters, or set"
                        + " shardmill.allow-other-interpreter-versions");
        assertThat(find(interpreters(List.of(), true, "a"), LambdaRuntime.PYTHON3_12))
                .isEqualTo(python);
    }

    @Test
    void no_interpreter_at_all_is_an_error_that_says_what_to_do() {
        assertThatThrownBy(() -> find(interpreters(List.of(), true, "a"), LambdaRuntime.NODEJS24_X))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("runtime: 'nodejs24.x' needs Node.js 24, but there is none; install it on the server's"
                        + " PATH, or name it in shardmill.interpreters");
    }

    @Test
    void one_that_is_installed_later_is_found() {
        Interpreters interpreters = onPath("a");
        assertThatThrownBy(() -> find(interpreters, LambdaRuntime.NODEJS20_X)).hasMessageContaining("there is none");
        Path node = interpreter("a/node", "20.1.0");
        assertThat(find(interpreters, LambdaRuntime.NODEJS20_X)).isEqualTo(node);
    }

    @Test
    void it_sees_nothing_of_the_servers_environment_when_it_is_asked() throws IOException {
        Path program = program(
                "a/python3",
                "env | cut -d= -f1 | grep -vx -e PATH -e HOME -e PWD -e SHLVL -e _ >&2\n" + "echo 3.12.1\necho \"$0\"");
        assertThat(Interpreter.of(program, LambdaRuntime.Family.PYTHON, user).version())
                .isEqualTo("3.12.1");
    }

    @Test
    void a_named_program_that_cannot_be_run_is_refused_by_its_name() {
        Path gone = folder.resolve("gone/python3");
        assertThatThrownBy(() -> interpreters(List.of(gone), false).checkNamed(user))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("interpreters: '" + gone + "' must be a python or node that can be run (")
                .hasMessageEndingWith("); correct it or leave it out");
    }
}
