package io.shardmill.lambda.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.lambda.DeploymentException;
import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.HostedFunction;
import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.Program;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.Isolation;
import io.shardmill.runtime.NotInvokedException;
import io.shardmill.runtime.Payload;
import io.shardmill.runtime.UnusableFunctionException;
import io.shardmill.runtime.arn.AwsScope;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DeployedFunctionsTest {

    private static final Shard SHARD = new Shard("orders", "shardId-000000000000");
    private static final FunctionConfiguration F = FunctionConfiguration.of("f", LambdaRuntime.PROVIDED, "h");

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private FakeHost host;
    private DeployedFunctions functions;

    @BeforeEach
    void start() {
        host = new FakeHost();
        functions = DeployedFunctions.open(
                folder.resolve("functions"), AwsScope.DEFAULT, Map.of(Isolation.PROCESS, host), CodeBounds.LAMBDA);
    }

    @AfterEach
    void stop() {
        functions.close();
        threads.shutdownNow();
        assertThat(host.open).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock", "LOCK", "unpacking", "function", "1", "environments"})
    void a_function_may_have_any_name_that_lambda_allows(String name) throws Exception {
        FunctionConfiguration named = FunctionConfiguration.of(name, LambdaRuntime.PROVIDED, "h");
        functions.create(named, code("one"));
        functions.updateCode(name, code("two"));
        restart();
        assertThat(functions.names()).containsExactly(name);
        functions.delete(name);
        restart();
        assertThat(functions.names()).isEmpty();
    }

    private void restart() {
        functions.close();
        start();
    }

    /** A folder of code that does this. */
    private Path code(String program) throws IOException {
        return program(program, "code");
    }

    private Path program(String program, String name) throws IOException {
        Path code = Files.createDirectories(folder.resolve(name));
        Path bootstrap = Files.writeString(code.resolve("bootstrap"), program);
        assertThat(bootstrap.toFile().setExecutable(true)).isTrue();
        return code;
    }

    private static void invoke(InvocableFunction function, String text) throws Exception {
        function.invoke(new Invocation(
                new Invocation.Origin("m", SHARD, 0, 1),
                new Invocation.Attempt("request-1", 1),
                List.of(Record.of(SHARD, SequenceNumber.of(1), "k", text, Instant.EPOCH)),
                null,
                Payload.of(text.getBytes(StandardCharsets.UTF_8))));
    }

    private void invoke(String text) throws Exception {
        invoke(functions.find("f"), text);
    }

    private List<Path> revisions() throws IOException {
        return Folders.entries(folder.resolve("functions/f")).stream()
                .filter(Files::isDirectory)
                .toList();
    }

    @Test
    void a_created_function_runs_and_outlives_a_restart() throws Exception {
        functions.create(F.with(new Program(LambdaRuntime.PROVIDED, "h", Map.of("TABLE", "t"))), code("one"));
        invoke("a");
        restart();
        invoke("b");

        assertThat(host.invoked()).containsExactly("one{TABLE=t} b");
        assertThat(functions.list()).singleElement().satisfies(function -> {
            assertThat(function.configuration())
                    .isEqualTo(F.with(new Program(LambdaRuntime.PROVIDED, "h", Map.of("TABLE", "t"))));
            assertThat(function.active()).isTrue();
            assertThat(function.failure()).isNull();
        });
    }

    @Test
    void reserved_concurrency_is_changed_under_what_runs_and_outlives_a_restart() throws Exception {
        FunctionDescription created = functions.create(F, code("one"));
        FunctionDescription reserved = functions.reserve("f", 0);

        assertThat(host.opened).as("nothing is opened anew").hasValue(1);
        assertThat(reserved.details()).isEqualTo(created.details());
        assertThatThrownBy(() -> functions.invoke("f", null, InvokeRequest.of(new byte[0])))
                .isInstanceOf(NotInvokedException.class);
        restart();
        assertThatThrownBy(() -> functions.invoke("f", null, InvokeRequest.of(new byte[0])))
                .isInstanceOf(NotInvokedException.class);
        functions.reserve("f", FunctionSettings.UNLIMITED);
        assertThat(functions.invoke("f", null, InvokeRequest.of(new byte[0])).payload())
                .asString()
                .isEqualTo("one");
        assertThat(host.opened).hasValue(1);
    }

    @Test
    void a_definition_is_a_file_that_others_cant_read() throws Exception {
        functions.create(F.with(new Program(LambdaRuntime.PROVIDED, "h", Map.of("TOKEN", "secret"))), code("one"));

        Path file = folder.resolve("functions/f/function.json");
        assertThat(Files.readString(file))
                .startsWith(
                        "{\"latest\":{\"configuration\":{\"name\":\"f\",\"description\":\"\",\"program\":{\"runtime\":\"provided\","
                                + "\"handler\":\"h\",\"environment\":{\"TOKEN\":\"secret\"},\"user\":null},\"memoryMegabytes\":128,"
                                + "\"settings\":{\"timeout\":\"PT30S\",\"reservedConcurrency\":-1},"
                                + "\"isolation\":\"process\"},\"revision\":\"1\",\"details\":{\"version\":\"$LATEST\",\"code\":{\"sha256\":")
                .endsWith(",\"publications\":{\"last\":0,\"versions\":[],\"aliases\":[]}}");
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    }

    @Test
    void versions_and_aliases_run_what_they_stand_for_across_restarts() throws Exception {
        functions.create(F, code("one"));
        functions.versions().publish("f", "");
        functions.versions().put("f", FunctionAlias.of("PROD", "1", ""));
        functions.updateCode("f", code("two"));
        restart();
        invoke(functions.find("f"), "a");
        invoke(functions.find("f:1"), "b");
        InvocableFunction prod = functions.find("f:PROD");
        invoke(prod, "c");
        functions.versions().put("f", FunctionAlias.of("PROD", "$LATEST", ""));
        invoke(prod, "d");

        assertThat(host.invoked()).containsExactly("two{} a", "one{} b", "one{} c", "two{} d");
        assertThatThrownBy(() -> functions.find("f:TEST")).isInstanceOf(UnusableFunctionException.class);
        functions.delete("f");
        assertThatThrownBy(() -> invoke(prod, "e")).isInstanceOf(NotInvokedException.class);
        await().untilAsserted(() -> assertThat(revisions()).isEmpty());
    }

    @Test
    void a_function_sees_the_arn_by_which_its_mapping_names_it() throws Exception {
        functions.create(F, code("one"));
        functions.versions().publish("f", "");
        functions.versions().put("f", FunctionAlias.of("PROD", "1", ""));
        invoke(functions.find("f"), "a");
        invoke(functions.find("f:1"), "b");
        invoke(functions.find("f:PROD"), "c");

        String arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
        assertThat(host.arns()).containsExactly(arn, arn + ":1", arn + ":PROD");
    }

    @Test
    void reserved_concurrency_is_shared_by_all_versions() throws Exception {
        functions.create(F.with(new FunctionSettings(Duration.ofSeconds(3), 1)), code("one"));
        functions.versions().publish("f", "");
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        host.during(() -> {
            entered.countDown();
            awaitQuietly(release);
        });
        Future<?> running = threads.submit(() -> {
            invoke(functions.find("f:1"), "a");
            return null;
        });
        entered.await();

        assertThatThrownBy(() -> functions.invoke("f", null, InvokeRequest.of(new byte[0])))
                .isInstanceOfSatisfying(
                        NotInvokedException.class,
                        refused -> assertThat(refused.isThrottled()).isTrue());
        release.countDown();
        running.get();
        assertThat(functions.invoke("f", null, InvokeRequest.of(new byte[0])).executedVersion())
                .isEqualTo("$LATEST");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void new_code_runs_from_the_next_invocation_on() throws Exception {
        functions.create(F, code("one"));
        InvocableFunction found = functions.find("f");
        invoke(found, "a");
        functions.updateCode("f", code("two"));
        invoke(found, "b");

        assertThat(host.invoked()).containsExactly("one{} a", "two{} b");
        await().untilAsserted(() -> assertThat(revisions()).hasSize(1));
        assertThat(host.open).hasValue(1);
    }

    @Test
    void a_running_invocation_finishes_with_the_code_it_began_with() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        functions.create(F, code("one"));
        host.during(() -> {
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException impossible) {
                throw new IllegalStateException(impossible);
            }
        });
        Future<?> running = threads.submit(() -> {
            invoke("a");
            return null;
        });
        entered.await();
        host.during(() -> {});

        functions.updateCode("f", code("two"));
        invoke("b");
        assertThat(revisions()).hasSize(2);

        release.countDown();
        running.get();
        assertThat(host.invoked()).containsExactly("two{} b", "one{} a");
        await().untilAsserted(() -> assertThat(revisions()).hasSize(1));
        await().untilAsserted(() -> assertThat(host.open).hasValue(1));
    }

    @Test
    void replaced_over_and_over_under_load_no_invocation_is_lost_or_runs_twice() throws Exception {
        functions.create(F, code("0"));
        InvocableFunction found = functions.find("f");
        List<Future<?>> callers = IntStream.range(0, 4)
                .<Future<?>>mapToObj(caller -> threads.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        invoke(found, caller + "-" + i);
                    }
                    return null;
                }))
                .toList();
        int version = 0;
        while (callers.stream().anyMatch(caller -> !caller.isDone())) {
            functions.updateCode("f", code(Integer.toString(++version)));
        }
        for (Future<?> caller : callers) {
            caller.get();
        }

        assertThat(host.invoked().stream().map(each -> each.substring(each.indexOf(" ") + 1)))
                .hasSize(2_000)
                .doesNotHaveDuplicates();
        await().untilAsserted(() -> assertThat(revisions()).hasSize(1));
        assertThat(host.open).hasValue(1);
    }

    @Test
    void code_that_cant_be_loaded_leaves_the_old_code_and_other_functions_running() throws Exception {
        functions.create(F, code("one"));
        functions.create(FunctionConfiguration.of("g", LambdaRuntime.PROVIDED, "h"), code("other"));
        assertThatThrownBy(() -> functions.updateCode("f", code("bad"))).hasMessage("handler: it is bad");
        assertThatThrownBy(() -> functions.updateCode("f", folder.resolve("nowhere")))
                .hasMessageStartingWith("code: " + folder.resolve("nowhere") + " does not exist");
        invoke("a");
        invoke(functions.find("g"), "b");
        restart();
        invoke("c");

        assertThat(host.invoked()).containsExactly("one{} c");
        assertThat(revisions()).hasSize(1);
    }

    @Test
    void a_function_that_cant_be_created_is_not_there() throws Exception {
        assertThatThrownBy(() -> functions.create(F, code("bad"))).isInstanceOf(DeploymentException.class);
        assertThat(functions.names()).isEmpty();
        assertThat(revisions()).isEmpty();
        assertThatThrownBy(() -> functions.find("f"))
                .isInstanceOf(UnusableFunctionException.class)
                .hasMessage("There is no deployed function 'f'; there are [].");
    }

    @Test
    void a_changed_configuration_runs_the_same_code() throws Exception {
        functions.create(F, code("one"));
        Program other = new Program(LambdaRuntime.PROVIDED, "h", Map.of("TABLE", "t"));
        functions.updateConfiguration(F.with(other).with(new FunctionSettings(Duration.ofSeconds(3), 7)));
        invoke("a");
        assertThat(settings("f"))
                .as("its host keeps the timeout, and the reserved concurrency is kept for all callers")
                .isEqualTo(new FunctionSettings(Duration.ofSeconds(3), FunctionSettings.UNLIMITED));

        functions.updateConfiguration(F);
        invoke("b");
        restart();
        invoke("c");
        assertThat(host.invoked()).containsExactly("one{} c");
        assertThat(settings("f")).isEqualTo(FunctionSettings.defaults());
    }

    @Test
    void a_function_that_was_found_has_the_settings_of_what_is_deployed_now() throws Exception {
        functions.create(F, code("one"));
        InvocableFunction found = functions.find("f");
        FunctionSettings changed = new FunctionSettings(Duration.ofSeconds(3), 7);
        FunctionSettings configured = new FunctionSettings(Duration.ofSeconds(4), 8);

        functions.updateConfiguration(F.with(changed));
        assertThat(found.settings(configured).timeout()).isEqualTo(changed.timeout());

        functions.delete("f");
        assertThat(found.settings(configured)).isEqualTo(configured);
    }

    private FunctionSettings settings(String name) {
        return functions.find(name).settings(new FunctionSettings(Duration.ofMinutes(1), 99));
    }

    @Test
    void batches_of_a_deleted_function_wait_until_it_is_there_again() throws Exception {
        functions.create(F, code("one"));
        InvocableFunction found = functions.find("f");
        functions.delete("f");
        assertThat(functions.describe("f")).isEmpty();
        assertThatThrownBy(() -> invoke(found, "a"))
                .isInstanceOf(NotInvokedException.class)
                .hasMessage("there is no function 'f' any more");
        await().untilAsserted(() -> assertThat(revisions()).isEmpty());

        functions.create(F, code("two"));
        invoke(found, "a");
        assertThat(host.invoked()).containsExactly("two{} a");

        functions.delete("f");
        restart();
        assertThat(functions.names()).isEmpty();
    }

    @Test
    void what_is_not_there_or_there_already_is_a_clear_error() throws Exception {
        functions.create(F, code("one"));
        assertThatThrownBy(() -> functions.create(F, code("two")))
                .hasMessage("name: there is a function 'f' already; update or delete it");
        assertThatThrownBy(() -> functions.delete("g")).hasMessage("name: there is no function 'g'");
        assertThatThrownBy(() -> functions.create(
                        FunctionConfiguration.of("j", LambdaRuntime.JAVA17, "h").with(Isolation.JVM), code("one")))
                .hasMessageStartingWith("isolation: jvm is not possible here");
    }

    @Test
    void a_declared_function_follows_its_code() throws Exception {
        Path code = code("one");
        functions.declare(F, code, "shardmill.functions.f");
        invoke("a");
        functions.reloadWhatChanged();
        assertThat(revisions()).containsExactly(folder.resolve("functions/f/1"));

        code("two, longer");
        functions.reloadWhatChanged();
        invoke("it may still be being written");
        functions.reloadWhatChanged();
        invoke("b");

        assertThat(host.invoked()).containsExactly("one{} a", "one{} it may still be being written", "two, longer{} b");
    }

    @Test
    void declared_code_that_goes_bad_or_away_leaves_the_old_code_running() throws Exception {
        Path code = code("one");
        functions.declare(F, code, "shardmill.functions.f");
        code("bad");
        look();
        invoke("a");
        assertThat(functions.describe("f")).hasValueSatisfying(function -> {
            assertThat(function.active()).isTrue();
            assertThat(function.failure()).isEqualTo("shardmill.functions.f.handler: it is bad");
        });

        Files.delete(code.resolve("bootstrap"));
        Files.delete(code);
        look();
        invoke("b");

        code("good again");
        look();
        invoke("c");
        assertThat(functions.describe("f"))
                .hasValueSatisfying(function -> assertThat(function.failure()).isNull());
        assertThat(host.invoked()).containsExactly("one{} a", "one{} b", "good again{} c");
    }

    @Test
    void a_declared_function_waits_for_its_layers_and_follows_them() throws Exception {
        Path code = Files.createDirectories(folder.resolve("code"));
        Path layer = folder.resolve("layer");
        functions.declare(F, new CodeSource(code, List.of(layer)), "shardmill.functions.f");
        assertThat(functions.describe("f"))
                .hasValueSatisfying(function -> assertThat(function.failure())
                        .isEqualTo("shardmill.functions.f.layers: " + layer
                                + " does not exist; it must be a zip as for Lambda, or a folder"));

        program("one", "layer");
        look();
        invoke("a");
        program("two, longer", "layer");
        look();
        invoke("b");
        Folders.delete(layer);
        look();
        invoke("c");
        code("three, of the code");
        look();
        invoke("it has changed without its layer");
        program("two, again", "layer");
        look();
        invoke("d");

        assertThat(host.invoked())
                .containsExactly(
                        "one{} a",
                        "two, longer{} b",
                        "two, longer{} c",
                        "two, longer{} it has changed without its layer",
                        "three, of the code{} d");
    }

    /** Twice, because a change counts when it is over. */
    private void look() {
        functions.reloadWhatChanged();
        functions.reloadWhatChanged();
    }

    @Test
    void batches_of_a_declared_function_wait_for_its_code() throws Exception {
        Path nowhere = folder.resolve("code");
        functions.declare(F, nowhere, "shardmill.functions.f");
        InvocableFunction found = functions.find("f");
        assertThatThrownBy(() -> invoke(found, "a"))
                .isInstanceOf(NotInvokedException.class)
                .hasMessageStartingWith(
                        "function 'f' can't be loaded: shardmill.functions.f.code: " + nowhere + " does not exist");
        assertThat(functions.describe("f"))
                .hasValueSatisfying(described -> assertThat(described.active()).isFalse());

        code("one");
        look();
        invoke(found, "a");
        assertThat(host.invoked()).containsExactly("one{} a");
    }

    @Test
    void a_declared_function_is_changed_where_it_is_declared_and_not_stored() throws Exception {
        functions.declare(F, code("declared"), "shardmill.functions.f");
        invoke("a");
        assertThatThrownBy(() -> functions.updateCode("f", code("two")))
                .hasMessage("name: function 'f' is configured by shardmill.functions.f; change it there");

        restart();
        assertThat(functions.names()).isEmpty();
        assertThat(revisions()).isEmpty();
    }

    @Test
    void a_stored_function_is_kept_aside_while_one_of_its_name_is_declared() throws Exception {
        functions.create(F, code("created"));
        functions.declare(F, code("declared"), "shardmill.functions.f");
        invoke("a");
        assertThat(host.invoked()).containsExactly("declared{} a");
        await().untilAsserted(() -> assertThat(host.open).hasValue(1));

        restart();
        invoke("b");
        assertThat(host.invoked()).containsExactly("created{} b");
        assertThat(revisions()).containsExactly(folder.resolve("functions/f/1"));
    }

    @Test
    void a_stored_function_goes_on_until_declared_code_of_its_name_can_be_used() throws Exception {
        functions.create(F, code("created"));
        functions.declare(F, code("bad"), "shardmill.functions.f");
        invoke("a");
        code("declared");
        look();
        invoke("b");

        assertThat(host.invoked()).containsExactly("created{} a", "declared{} b");
    }

    @Test
    void half_a_revision_and_old_ones_are_cleared_away_at_the_next_start() throws Exception {
        functions.create(F, code("one"));
        functions.close();
        Files.createDirectories(folder.resolve("functions/f/unpacking/lib"));
        Files.createDirectories(folder.resolve("functions/f/7"));
        Files.createDirectories(folder.resolve("functions/half-created/1"));
        start();
        invoke("a");

        assertThat(revisions()).containsExactly(folder.resolve("functions/f/1"));
        assertThat(folder.resolve("functions/half-created")).doesNotExist();
    }

    @Test
    void what_is_not_certainly_its_own_is_left_alone() throws Exception {
        functions.create(F, code("one"));
        functions.close();
        Path source = Files.createDirectories(folder.resolve("functions/my-func/src"));
        Path notes = Files.writeString(folder.resolve("functions/my-func/notes.json"), "{}");
        Path numbered = Files.createDirectories(folder.resolve("functions/my-func/1"));
        Path beside = Files.createDirectories(folder.resolve("functions/f/src"));
        Path mistaken = Files.writeString(
                Files.createDirectories(folder.resolve("functions/files")).resolve("1"), "a file, not a revision");
        start();
        invoke("a");

        assertThat(List.of(source, notes, numbered, beside, mistaken))
                .allSatisfy(each -> assertThat(each).exists());
    }

    @Test
    void its_folder_in_a_shared_one_has_a_name_that_nobody_else_uses() throws Exception {
        Path source = Files.createDirectories(folder.resolve("shared/functions/7"));
        try (DeployedFunctions opened = DeployedFunctions.open(folder.resolve("shared"))) {
            assertThat(opened.names()).isEmpty();
        }
        assertThat(source).exists();
        assertThat(folder.resolve("shared/shardmill-functions")).exists();
    }

    @Test
    void a_folder_has_one_user() {
        assertThatThrownBy(() -> DeployedFunctions.open(folder.resolve("functions"), AwsScope.DEFAULT, Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is in use by another process");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"configuration\":", "{}", "null", "{\"latest\":null,\"publications\":null}"})
    void a_definition_that_cant_be_read_costs_no_other_function(String text) throws Exception {
        functions.create(F, code("one"));
        functions.create(FunctionConfiguration.of("g", LambdaRuntime.PROVIDED, "h"), code("two"));
        functions.close();
        Files.writeString(folder.resolve("functions/g/function.json"), text);
        start();

        assertThat(functions.names()).containsExactly("f");
        assertThat(folder.resolve("functions/g/1")).exists();
    }

    @Test
    void code_that_cant_even_be_looked_at_costs_no_other_function_its_reload() throws Exception {
        Path zip = Archives.zip(folder.resolve("elsewhere.zip"), Map.of("code/bootstrap", "x"));
        try (FileSystem elsewhere = FileSystems.newFileSystem(zip)) {
            functions.declare(
                    FunctionConfiguration.of("e", LambdaRuntime.PROVIDED, "h"), // looked at before f
                    elsewhere.getPath("/code"),
                    "shardmill.functions.e");
        }
        functions.declare(F, code("one"), "shardmill.functions.f");
        code("two, longer");
        look();
        invoke("a");

        assertThat(host.invoked()).containsExactly("two, longer{} a");
    }

    @Test
    void declared_code_is_opened_when_all_else_about_it_is_known() throws Exception {
        functions.close();
        host = new FakeHost() {
            @Override
            public HostedFunction open(FunctionRevision revision) {
                HostedFunction opened = super.open(revision);
                try {
                    Folders.delete(revision.code());
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
                return opened;
            }
        };
        functions = DeployedFunctions.open(
                folder.resolve("functions"), AwsScope.DEFAULT, Map.of(Isolation.PROCESS, host), CodeBounds.LAMBDA);

        assertThat(functions.declare(F, code("one"), "shardmill.functions.f").failure())
                .isNull();
        assertThat(host.open).hasValue(1);
    }

    @Test
    void a_function_that_cant_be_killed_keeps_no_other_from_being_killed() throws Exception {
        functions.close();
        AtomicInteger killed = new AtomicInteger();
        host = new FakeHost() {
            @Override
            public HostedFunction open(FunctionRevision revision) {
                HostedFunction opened = super.open(revision);
                return new HostedFunction() {
                    @Override
                    public InvokeResponse invoke(InvokeRequest request)
                            throws NotInvokedException, InterruptedException {
                        return opened.invoke(request);
                    }

                    @Override
                    public Duration longestInvocation() {
                        return opened.longestInvocation();
                    }

                    @Override
                    public void kill() {
                        killed.incrementAndGet();
                        throw new IllegalStateException("it can't be killed");
                    }

                    @Override
                    public void close() {
                        opened.close();
                    }
                };
            }
        };
        functions = DeployedFunctions.open(
                folder.resolve("functions"), AwsScope.DEFAULT, Map.of(Isolation.PROCESS, host), CodeBounds.LAMBDA);
        functions.create(F, code("one"));
        functions.create(FunctionConfiguration.of("g", LambdaRuntime.PROVIDED, "h"), code("two"));
        functions.close();

        assertThat(killed).hasValue(2);
    }

    @Test
    void the_folder_is_let_go_even_if_a_host_does_not_end_cleanly() {
        functions.close();
        FakeHost broken = new FakeHost() {
            @Override
            public void close() {
                throw new IllegalStateException("it does not end");
            }
        };
        DeployedFunctions.open(
                        folder.resolve("functions"),
                        AwsScope.DEFAULT,
                        Map.of(Isolation.PROCESS, broken),
                        CodeBounds.LAMBDA)
                .close();
        start();

        assertThat(functions.names()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hanging", "stubborn"})
    void code_that_hangs_while_it_is_loaded_does_not_keep_the_server_from_stopping(String program) throws Exception {
        functions.close();
        DeployedFunctions reloading =
                DeployedFunctions.open(folder.resolve("functions"), AwsScope.DEFAULT, Map.of(Isolation.PROCESS, host));
        reloading.declare(F, code("one"), "shardmill.functions.f");
        code(program);
        host.loading.await();
        threads.submit(reloading::close).get(30, TimeUnit.SECONDS);

        host.goOn.countDown();
        await().untilAsserted(() -> assertThat(host.open).hasValue(0));
    }

    @Test
    void a_copy_of_the_folder_holds_every_function_with_its_versions_and_only_the_code_they_need() throws Exception {
        functions.create(F, code("one"));
        functions.versions().publish("f", "");
        functions.updateCode("f", code("two"));
        functions.updateCode("f", code("three"));
        Path copy = folder.resolve("copy");
        functions.copyTo(copy);
        functions.delete("f");
        functions.close();

        host = new FakeHost();
        functions = DeployedFunctions.open(copy, AwsScope.DEFAULT, Map.of(Isolation.PROCESS, host), CodeBounds.LAMBDA);
        invoke("a");
        invoke(functions.find("f:1"), "b");
        assertThat(host.invoked()).containsExactly("three{} a", "one{} b");
        assertThat(Folders.entries(copy.resolve("f")).stream().filter(Files::isDirectory))
                .hasSize(2)
                .allMatch(revision -> Files.isExecutable(revision.resolve("bootstrap")));
    }
}
