package io.shardmill.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.EventSourcePosition;
import software.amazon.awssdk.services.lambda.model.FunctionResponseType;
import software.amazon.awssdk.services.lambda.model.GetEventSourceMappingResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.ServiceException;
import software.amazon.awssdk.services.lambda.model.UpdateEventSourceMappingRequest;

/** Whatever is acknowledged is there, and a revision is the base of one change, however many come at once. */
@Timeout(60)
class ConcurrentChangesTest {

    private static final int CALLERS = 10;

    @TempDir
    Path folder;

    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    private LambdaServer server;
    private String arn = "";
    private String revision = "";

    @BeforeEach
    void start() {
        server = LambdaServer.with(folder, new FakeHost());
        var created = lambda().createFunction(FakeHost.function("f", "one").build());
        arn = created.functionArn();
        revision = created.revisionId();
    }

    @AfterEach
    void stop() {
        callers.shutdownNow();
        server.close();
    }

    private LambdaClient lambda() {
        return server.client();
    }

    /** The answers' statuses, 200 of all that succeed. */
    private List<Integer> atOnce(IntConsumer call) {
        CyclicBarrier together = new CyclicBarrier(CALLERS);
        List<CompletableFuture<Integer>> calls = IntStream.range(0, CALLERS)
                .mapToObj(caller -> CompletableFuture.supplyAsync(() -> status(together, call, caller), callers))
                .toList();
        return calls.stream().map(CompletableFuture::join).sorted().toList();
    }

    private static int status(CyclicBarrier together, IntConsumer call, int caller) {
        try {
            together.await();
            call.accept(caller);
            return 200;
        } catch (LambdaException refused) {
            return refused.statusCode();
        } catch (Exception unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    private static void assertOneSucceeded(List<Integer> statuses, int others) {
        assertThat(statuses).hasSize(CALLERS).startsWith(200).endsWith(others);
        assertThat(statuses).filteredOn(status -> status == others).hasSize(CALLERS - 1);
    }

    @RepeatedTest(3)
    void all_tags_that_were_acknowledged_are_there() {
        assertThat(atOnce(caller ->
                        lambda().tagResource(request -> request.resource(arn).tags(Map.of("tag" + caller, "t")))))
                .containsOnly(200);
        assertThat(lambda().listTags(request -> request.resource(arn)).tags()).hasSize(CALLERS);

        assertThat(atOnce(caller ->
                        lambda().untagResource(request -> request.resource(arn).tagKeys("tag" + caller))))
                .containsOnly(200);
        assertThat(lambda().listTags(request -> request.resource(arn)).tags()).isEmpty();
    }

    @RepeatedTest(3)
    void one_configuration_is_based_on_a_revision() {
        assertOneSucceeded(
                atOnce(caller -> lambda().updateFunctionConfiguration(request ->
                        request.functionName("f").timeout(10 + caller).revisionId(revision))),
                412);
    }

    @RepeatedTest(3)
    void one_code_is_based_on_a_revision() {
        assertOneSucceeded(
                atOnce(caller -> lambda().updateFunctionCode(request -> request.functionName("f")
                        .zipFile(SdkBytes.fromByteArray(FakeHost.code("code " + caller)))
                        .revisionId(revision))),
                412);
    }

    @RepeatedTest(3)
    void what_is_published_with_code_is_that_code() {
        atOnce(caller -> {
            var published = lambda().updateFunctionCode(request -> request.functionName("f")
                    .zipFile(SdkBytes.fromByteArray(FakeHost.code("code " + caller)))
                    .publish(true));
            assertThat(lambda().invoke(request -> request.functionName("f").qualifier(published.version()))
                            .payload()
                            .asUtf8String())
                    .isEqualTo("\"code " + caller + "\"");
        });
    }

    @RepeatedTest(3)
    void reserved_concurrency_and_configuration_do_not_undo_each_other() {
        assertThat(atOnce(caller -> {
                    if (caller % 2 == 0) {
                        lambda().putFunctionConcurrency(
                                        request -> request.functionName("f").reservedConcurrentExecutions(7));
                    } else {
                        lambda().updateFunctionConfiguration(
                                        request -> request.functionName("f").timeout(42));
                    }
                }))
                .containsOnly(200);
        assertThat(lambda().getFunction(request -> request.functionName("f"))).satisfies(function -> {
            assertThat(function.concurrency().reservedConcurrentExecutions()).isEqualTo(7);
            assertThat(function.configuration().timeout()).isEqualTo(42);
        });
    }

    @RepeatedTest(3)
    void an_alias_is_created_once_and_changed_once_from_a_revision() {
        assertOneSucceeded(
                atOnce(caller -> lambda().createAlias(request -> request.functionName("f")
                        .name("A")
                        .functionVersion("$LATEST")
                        .description("" + caller))),
                409);
        String alias = lambda().getAlias(request -> request.functionName("f").name("A"))
                .revisionId();
        assertOneSucceeded(
                atOnce(caller -> lambda().updateAlias(request -> request.functionName("f")
                        .name("A")
                        .description("again " + caller)
                        .revisionId(alias))),
                412);
    }

    // Mappings.

    private String mapping() {
        return lambda().createEventSourceMapping(request -> request.functionName("f")
                        .eventSourceArn("arn:aws:kinesis:us-east-1:000000000000:stream/orders")
                        .startingPosition(EventSourcePosition.TRIM_HORIZON))
                .uuid();
    }

    private GetEventSourceMappingResponse mapping(String uuid) {
        return lambda().getEventSourceMapping(request -> request.uuid(uuid));
    }

    @RepeatedTest(10)
    void of_two_updates_of_a_mapping_one_right_after_the_other_both_count_and_are_shown_at_once() {
        String uuid = mapping();
        lambda().updateEventSourceMapping(request -> request.uuid(uuid).batchSize(7));
        var second = lambda().updateEventSourceMapping(
                        request -> request.uuid(uuid).enabled(false).maximumRetryAttempts(3));

        assertThat(second.batchSize()).isEqualTo(7);
        GetEventSourceMappingResponse got = mapping(uuid);
        assertThat(got.batchSize()).isEqualTo(7);
        assertThat(got.maximumRetryAttempts()).isEqualTo(3);
        assertThat(got.state()).isNotIn("Enabled", "Enabling");
    }

    @RepeatedTest(3)
    void updates_of_a_mapping_do_not_undo_each_other() {
        String uuid = mapping();
        List<Consumer<UpdateEventSourceMappingRequest.Builder>> members = List.of(
                request -> request.batchSize(7),
                request -> request.maximumBatchingWindowInSeconds(2),
                request -> request.parallelizationFactor(3),
                request -> request.maximumRecordAgeInSeconds(60),
                request -> request.maximumRetryAttempts(4),
                request -> request.bisectBatchOnFunctionError(true),
                request -> request.functionResponseTypes(FunctionResponseType.REPORT_BATCH_ITEM_FAILURES),
                request -> request.enabled(false),
                request -> request.batchSize(7),
                request -> request.enabled(false));
        assertThat(atOnce(caller -> lambda().updateEventSourceMapping(
                                request -> members.get(caller).accept(request.uuid(uuid)))))
                .containsOnly(200);

        GetEventSourceMappingResponse got = mapping(uuid);
        assertThat(got.batchSize()).isEqualTo(7);
        assertThat(got.maximumBatchingWindowInSeconds()).isEqualTo(2);
        assertThat(got.parallelizationFactor()).isEqualTo(3);
        assertThat(got.maximumRecordAgeInSeconds()).isEqualTo(60);
        assertThat(got.maximumRetryAttempts()).isEqualTo(4);
        assertThat(got.bisectBatchOnFunctionError()).isTrue();
        assertThat(got.functionResponseTypesAsStrings()).containsExactly("ReportBatchItemFailures");
        assertThat(got.state()).isIn("Disabling", "Disabled", "Updating", "Creating");
        server.restart();
        await().untilAsserted(() -> assertThat(mapping(uuid).state()).isEqualTo("Disabled"));
        assertThat(mapping(uuid).batchSize()).isEqualTo(7);
    }

    @Test
    void of_many_who_create_a_mapping_of_the_same_stream_and_function_one_succeeds() {
        assertOneSucceeded(atOnce(caller -> mapping()), 409);
    }

    @Test
    void a_change_of_a_mapping_that_the_database_does_not_take_is_a_ServiceException_and_changes_nothing() {
        String uuid = mapping();
        server.databaseIsAway(true);
        assertThatThrownBy(() -> lambda().updateEventSourceMapping(
                                request -> request.uuid(uuid).batchSize(7)))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("database");
        assertThatThrownBy(() -> lambda().deleteEventSourceMapping(request -> request.uuid(uuid)))
                .isInstanceOf(ServiceException.class);
        assertThat(mapping(uuid).batchSize()).isEqualTo(100);

        server.databaseIsAway(false);
        assertThat(lambda().updateEventSourceMapping(
                                request -> request.uuid(uuid).batchSize(8))
                        .batchSize())
                .isEqualTo(8);
    }
}
