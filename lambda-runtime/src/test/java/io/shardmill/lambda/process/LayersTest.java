package io.shardmill.lambda.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.deploy.CodeSource;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.lambda.deploy.FunctionDescription;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.Isolation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions with layers, deployed and run. Those in Python and JavaScript are in {@code LayeredScriptsTest}. */
@Timeout(120)
class LayersTest {

    private static final FunctionSettings LONG =
            new FunctionSettings(Duration.ofSeconds(60), FunctionSettings.UNLIMITED);

    @TempDir
    private Path folder;

    private DeployedFunctions functions;

    @BeforeEach
    void open() {
        functions = DeployedFunctions.open(folder.resolve("data"));
    }

    @AfterEach
    void close() {
        functions.close();
    }

    private Path write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    private void writeProgram(String file, String script) throws IOException {
        assertThat(write(file, "#!/bin/sh\n" + script).toFile().setExecutable(true))
                .isTrue();
    }

    private FunctionDescription declare(FunctionConfiguration configuration, String... layers) {
        List<Path> sources = Stream.of(layers).map(folder::resolve).toList();
        return functions.declare(
                configuration.with(LONG), new CodeSource(folder.resolve("code"), sources), "shardmill.functions.f");
    }

    private String invoke() throws Exception {
        InvokeResponse response = functions.invoke("f", null, InvokeRequest.of("{}".getBytes(UTF_8)));
        assertThat(response.functionError()).as(Functions.text(response)).isNull();
        return Functions.text(response);
    }

    private static FunctionConfiguration provided() {
        return FunctionConfiguration.of("f", LambdaRuntime.PROVIDED_AL2023, "h");
    }

    @Test
    void layers_lie_in_one_folder_that_takes_the_place_of_opt() throws Exception {
        write("code/data", "code");
        writeProgram(
                "a/bootstrap",
                Functions.LOOP + "while :; do next; respond \"$(greet) $(cat $SHARDMILL_LAYERS_ROOT/data)"
                        + " ${PATH##*:} ${LD_LIBRARY_PATH##*:} $SHARDMILL_LAYERS_ROOT\"; done");
        writeProgram("a/bin/greet", "echo a");
        write("a/data", "a");
        writeProgram("b/bin/greet", "echo b");
        declare(provided(), "a", "b");

        Path layers = folder.resolve("data/shardmill-functions/f/1.layers");
        assertThat(invoke()).isEqualTo("b a " + layers + "/bin " + layers + "/lib " + layers);
    }

    @Test
    void a_layers_bootstrap_is_run_if_the_code_has_none() throws Exception {
        writeProgram("layer/bootstrap", Functions.LOOP + "while :; do next; respond \"layer in $PWD\"; done");
        write("code/data", "code");
        declare(provided(), "layer");
        assertThat(invoke()).isEqualTo("layer in " + folder.resolve("data/shardmill-functions/f/1"));

        writeProgram("code/bootstrap", Functions.LOOP + "while :; do next; respond code; done");
        await().untilAsserted(() -> assertThat(invoke()).isEqualTo("code"));
    }

    @Test
    void a_changed_layer_is_another_revision_of_the_function() throws Exception {
        writeProgram(
                "code/bootstrap",
                Functions.LOOP + "while :; do next; respond \"$(cat $SHARDMILL_LAYERS_ROOT/data)\"; done");
        write("layer/data", "one");
        FunctionDescription before = declare(provided(), "layer");
        assertThat(invoke()).isEqualTo("one");

        write("layer/data", "two, longer");
        await().untilAsserted(() -> assertThat(invoke()).isEqualTo("two, longer"));
        FunctionDescription after = functions.describe("f").orElseThrow();
        assertThat(after.details().code()).isNotEqualTo(before.details().code());
        assertThat(after.details().revisionId()).isNotEqualTo(before.details().revisionId());
        await().untilAsserted(() -> {
            try (Stream<Path> left = Files.list(folder.resolve("data/shardmill-functions/f"))) {
                assertThat(left.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("2", "2.layers");
            }
        });
    }

    /** Compiles a class in package {@code ex} into a jar. */
    private void library(String jar, String name, String body) throws IOException {
        Path classes = folder.resolve("classes");
        HandlerJar.compile("ex." + name, "package ex; public class " + name + " { " + body + " }", classes);
        Path file = folder.resolve(jar);
        Files.createDirectories(file.getParent());
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file))) {
            String entry = "ex/" + name + ".class";
            out.putNextEntry(new JarEntry(entry));
            Files.copy(classes.resolve(entry), out);
        }
    }

    private static String text(String text) {
        return "public static String text() { return \"" + text + "\"; }";
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void jars_in_java_lib_are_at_the_end_of_the_class_path(Isolation isolation) throws Exception {
        HandlerJar.compile("ex.App", """
                package ex;
                public class App {
                    public String handle(Object event) throws Exception {
                        StringBuilder texts = new StringBuilder();
                        for (String name : new String[] {"ex.Z", "ex.A", "ex.B"}) {
                            texts.append(Class.forName(name).getMethod("text").invoke(null)).append(' ');
                        }
                        return texts.toString();
                    }
                }
                """, folder.resolve("code"));
        library("code/lib/z.jar", "Z", text("code"));
        library("one/java/lib/a.jar", "Z", text("one"));
        library("one/java/lib/b.jar", "A", text("one"));
        library("two/java/lib/b.jar", "A", text("two"));
        library("two/java/lib/c.jar", "B", text("two"));
        declare(
                FunctionConfiguration.of("f", LambdaRuntime.JAVA17, "ex.App::handle")
                        .with(isolation),
                "one",
                "two");

        assertThat(invoke()).isEqualTo("\"code two two \"");
    }

    @Test
    void a_java_handler_may_be_in_a_layer() throws Exception {
        library("layer/java/lib/app.jar", "App", "public String handle(Object event) { return \"layer\"; }");
        write("code/settings", "");
        declare(FunctionConfiguration.of("f", LambdaRuntime.JAVA17, "ex.App::handle"), "layer");

        assertThat(invoke()).isEqualTo("\"layer\"");
    }
}
