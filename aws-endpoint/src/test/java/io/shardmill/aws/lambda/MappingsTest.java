package io.shardmill.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shardmill.function.PutEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.CreateEventSourceMappingResponse;
import software.amazon.awssdk.services.lambda.model.EventSourceMappingConfiguration;
import software.amazon.awssdk.services.lambda.model.EventSourcePosition;
import software.amazon.awssdk.services.lambda.model.Filter;
import software.amazon.awssdk.services.lambda.model.FunctionResponseType;
import software.amazon.awssdk.services.lambda.model.GetEventSourceMappingResponse;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.UpdateEventSourceMappingResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Spec 10.1 over HTTP: event source mappings through AWS's SDK, and as the bytes are. */
@Timeout(120)
class MappingsTest {

    private static final String STREAM = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";
    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:";
    private static final String PATH = "/2015-03-31/event-source-mappings";
    private static final String TOO_MANY_TAGS = "Number of tags exceeds resource tag limit.";

    @TempDir
    Path folder;

    private final FakeHost host = new FakeHost();
    private LambdaServer server;

    @BeforeEach
    void start() {
        server = LambdaServer.with(folder, host);
        function("fn");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private LambdaClient lambda() {
        return server.client();
    }

    private void function(String name) {
        lambda().createFunction(FakeHost.function(name, name).build());
    }

    private CreateEventSourceMappingResponse create(String function, EventSourcePosition position) {
        return lambda().createEventSourceMapping(request ->
                request.functionName(function).eventSourceArn(STREAM).startingPosition(position));
    }

    private GetEventSourceMappingResponse get(String uuid) {
        return lambda().getEventSourceMapping(request -> request.uuid(uuid));
    }

    private void awaitState(String uuid, String state) {
        await().untilAsserted(() -> assertThat(get(uuid).state()).isEqualTo(state));
    }

    private void put(String text) {
        server.streams().put("orders", PutEntry.of("k", text));
    }

    @Test
    void case_1_what_is_created_with_stream_function_and_LATEST_only_has_the_defaults() {
        HttpResponse<String> created = server.send(
                "POST",
                PATH + "/",
                "{\"EventSourceArn\":\"" + STREAM + "\",\"FunctionName\":\"fn\",\"StartingPosition\":\"LATEST\"}");

        assertThat(created.statusCode()).isEqualTo(202);
        assertThat(created.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(created.headers().firstValue("x-amzn-requestid")).isPresent();
        assertThat(created.body()
                        .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uuid>")
                        .replaceAll("\"LastModified\":[0-9]{10}\\.[0-9]{3}", "\"LastModified\":0"))
                .isEqualTo("{\"UUID\":\"<uuid>\",\"EventSourceMappingArn\":\"" + ARN
                        + "event-source-mapping:<uuid>\",\"EventSourceArn\":\"" + STREAM + "\",\"FunctionArn\":\"" + ARN
                        + "function:fn\",\"StartingPosition\":\"LATEST\",\"BatchSize\":100,"
                        + "\"MaximumBatchingWindowInSeconds\":0,\"ParallelizationFactor\":1,"
                        + "\"TumblingWindowInSeconds\":0,\"MaximumRecordAgeInSeconds\":-1,"
                        + "\"MaximumRetryAttempts\":-1,\"BisectBatchOnFunctionError\":false,"
                        + "\"FunctionResponseTypes\":[],\"DestinationConfig\":{\"OnFailure\":{}},"
                        + "\"State\":\"Creating\",\"StateTransitionReason\":\"User action\","
                        + "\"LastProcessingResult\":\"No records processed\",\"LastModified\":0}");
    }

    @Test
    void a_mapping_is_created_changed_paused_and_deleted_across_restarts() {
        CreateEventSourceMappingResponse created = lambda().createEventSourceMapping(request -> request.functionName(
                        "fn")
                .eventSourceArn(STREAM)
                .startingPosition(EventSourcePosition.TRIM_HORIZON)
                .batchSize(7)
                .maximumBatchingWindowInSeconds(1)
                .parallelizationFactor(2)
                .maximumRecordAgeInSeconds(3600)
                .maximumRetryAttempts(3)
                .bisectBatchOnFunctionError(true)
                .functionResponseTypes(FunctionResponseType.REPORT_BATCH_ITEM_FAILURES)
                .filterCriteria(criteria -> criteria.filters(
                        Filter.builder().pattern("{\"partitionKey\":[\"k\"]}").build())));
        String uuid = created.uuid();
        assertThat(created.sdkHttpResponse().statusCode()).isEqualTo(202);
        put("1");
        await().untilAsserted(() -> assertThat(host.invoked()).containsExactly("fn $LATEST 1"));
        server.restart();

        awaitState(uuid, "Enabled");
        GetEventSourceMappingResponse got = get(uuid);
        assertThat(got.batchSize()).isEqualTo(7);
        assertThat(got.maximumBatchingWindowInSeconds()).isEqualTo(1);
        assertThat(got.parallelizationFactor()).isEqualTo(2);
        assertThat(got.maximumRecordAgeInSeconds()).isEqualTo(3600);
        assertThat(got.maximumRetryAttempts()).isEqualTo(3);
        assertThat(got.bisectBatchOnFunctionError()).isTrue();
        assertThat(got.functionResponseTypesAsStrings()).containsExactly("ReportBatchItemFailures");
        assertThat(got.filterCriteria().filters())
                .singleElement()
                .satisfies(filter -> assertThat(filter.pattern()).isEqualTo("{\"partitionKey\":[\"k\"]}"));

        UpdateEventSourceMappingResponse disabled = lambda().updateEventSourceMapping(
                        request -> request.uuid(uuid).enabled(false).batchSize(8));
        assertThat(disabled.sdkHttpResponse().statusCode()).isEqualTo(202);
        assertThat(disabled.state()).isEqualTo("Disabling");
        awaitState(uuid, "Disabled");
        server.restart();
        awaitState(uuid, "Disabled");
        assertThat(get(uuid).batchSize()).isEqualTo(8);
        put("2");
        assertThat(lambda().updateEventSourceMapping(
                                request -> request.uuid(uuid).enabled(true))
                        .state())
                .isEqualTo("Enabling");
        await().untilAsserted(() -> assertThat(host.invoked()).containsExactly("fn $LATEST 1", "fn $LATEST 2"));

        assertThat(lambda().deleteEventSourceMapping(request -> request.uuid(uuid))
                        .state())
                .isEqualTo("Deleting");
        await().untilAsserted(() -> assertThatThrownBy(() -> get(uuid))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("The resource you requested does not exist."));
        server.restart();
        assertThat(lambda().listEventSourceMappings().eventSourceMappings()).isEmpty();
    }

    @Test
    void case_16_two_aliases_of_one_function_may_map_one_stream_and_are_listed_by_exact_qualification() {
        lambda().publishVersion(request -> request.functionName("fn"));
        lambda().createAlias(request -> request.functionName("fn").name("A").functionVersion("$LATEST"));
        lambda().createAlias(request -> request.functionName("fn").name("B").functionVersion("1"));
        CreateEventSourceMappingResponse a = create("fn:A", EventSourcePosition.TRIM_HORIZON);
        CreateEventSourceMappingResponse b = create(ARN + "function:fn:B", EventSourcePosition.TRIM_HORIZON);

        assertThat(a.functionArn()).isEqualTo(ARN + "function:fn:A");
        assertThat(b.functionArn()).isEqualTo(ARN + "function:fn:B");
        assertThatThrownBy(() -> create("fn:A", EventSourcePosition.TRIM_HORIZON))
                .isInstanceOf(ResourceConflictException.class)
                .hasMessageContaining(a.uuid());
        assertThat(listed("fn")).isEmpty();
        assertThat(listed("fn:A")).containsExactly(a.uuid());
        assertThat(listed(ARN + "function:fn:B")).containsExactly(b.uuid());
        put("1");
        await().untilAsserted(() -> assertThat(host.invoked()).containsExactlyInAnyOrder("fn $LATEST 1", "fn 1 1"));
        server.restart();
        put("2");
        await().untilAsserted(() -> assertThat(host.invoked()).contains("fn $LATEST 2", "fn 1 2"));
    }

    @Test
    void case_78_a_discard_of_an_aliass_mapping_names_the_alias_and_the_version_that_ran() {
        lambda().publishVersion(request -> request.functionName("fn"));
        lambda().createAlias(request -> request.functionName("fn").name("A").functionVersion("1"));
        Path documents = folder.resolve("destinations/discarded.jsonl");
        lambda().createEventSourceMapping(request -> request.functionName("fn:A")
                .eventSourceArn(STREAM)
                .startingPosition(EventSourcePosition.TRIM_HORIZON)
                .batchSize(1)
                .maximumRetryAttempts(0)
                .functionResponseTypes(FunctionResponseType.REPORT_BATCH_ITEM_FAILURES)
                .destinationConfig(
                        destination -> destination.onFailure(failed -> failed.destination("file:" + documents))));
        put("fail");
        put("report");
        awaitDocuments(documents, 2);
        lambda().updateAlias(request -> request.functionName("fn").name("A").functionVersion("$LATEST"));
        put("fail");
        awaitDocuments(documents, 3);

        assertThat(documents(documents))
                .extracting(document ->
                        document.get("requestContext").get("functionArn").stringValue())
                .containsOnly(ARN + "function:fn:A");
        assertThat(documents(documents))
                .extracting(document -> document.get("responseContext").toString())
                .containsExactly(
                        "{\"statusCode\":200,\"executedVersion\":\"1\",\"functionError\":\"Unhandled\"}",
                        "{\"statusCode\":200,\"executedVersion\":\"1\",\"functionError\":null}",
                        "{\"statusCode\":200,\"executedVersion\":\"$LATEST\",\"functionError\":\"Unhandled\"}");
    }

    @Test
    void a_file_outside_of_the_folders_for_destinations_is_refused_when_a_mapping_is_made_or_changed() {
        String uuid = create("fn", EventSourcePosition.TRIM_HORIZON).uuid();
        Path elsewhere = folder.resolve("elsewhere.jsonl");
        for (String destination :
                List.of("file:" + elsewhere, "file:" + folder.resolve("destinations/../elsewhere.jsonl"))) {
            assertThatThrownBy(() -> lambda().createEventSourceMapping(request -> request.functionName("fn")
                            .eventSourceArn(STREAM)
                            .startingPosition(EventSourcePosition.TRIM_HORIZON)
                            .destinationConfig(config -> config.onFailure(failed -> failed.destination(destination)))))
                    .isInstanceOf(InvalidParameterValueException.class)
                    .hasMessageContaining("shardmill.file-destinations");
            assertThatThrownBy(() -> lambda().updateEventSourceMapping(request -> request.uuid(uuid)
                            .destinationConfig(config -> config.onFailure(failed -> failed.destination(destination)))))
                    .isInstanceOf(InvalidParameterValueException.class)
                    .hasMessageContaining("shardmill.file-destinations");
        }
        assertThat(elsewhere).doesNotExist();
    }

    @Test
    void case_36_a_mapping_of_a_consumer_has_the_consumers_arn_in_its_events_and_documents() throws Exception {
        String consumer = server.streams()
                .consumers()
                .register("orders", "billing", Map.of())
                .arn();
        Path documents = folder.resolve("destinations/discarded.jsonl");
        String ofStream = create("fn", EventSourcePosition.TRIM_HORIZON).uuid();
        String uuid = lambda().createEventSourceMapping(request -> request.functionName("fn")
                        .eventSourceArn(consumer)
                        .startingPosition(EventSourcePosition.TRIM_HORIZON)
                        .maximumRetryAttempts(0)
                        .destinationConfig(destination ->
                                destination.onFailure(failed -> failed.destination("file:" + documents))))
                .uuid();
        put("1");
        await().untilAsserted(() -> assertThat(host.invoked()).containsExactly("fn $LATEST 1", "fn $LATEST 1"));
        assertThat(host.sources()).containsExactlyInAnyOrder(STREAM, consumer);
        lambda().deleteEventSourceMapping(request -> request.uuid(ofStream));
        await().untilAsserted(() -> assertThat(listedFrom(STREAM)).isEmpty());
        assertThat(listedFrom(consumer)).containsExactly(uuid);
        assertThat(get(uuid).eventSourceArn()).isEqualTo(consumer);
        server.restart();
        put("fail");
        awaitDocuments(documents, 1);
        assertThat(documents(documents)
                        .get(0)
                        .get("KinesisBatchInfo")
                        .get("streamArn")
                        .stringValue())
                .isEqualTo(consumer);
        assertThat(host.invoked()).containsExactly("fn $LATEST 1", "fn $LATEST 1", "fn $LATEST fail");

        server.streams().consumers().deregister(consumer);
        assertThatThrownBy(() -> lambda().createEventSourceMapping(request -> request.functionName("fn")
                        .eventSourceArn(consumer + "0")
                        .startingPosition(EventSourcePosition.LATEST)))
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining("Stream not found: " + consumer + "0");
        await().untilAsserted(() -> assertThat(get(uuid).lastProcessingResult()).contains(consumer));
        awaitState(create("fn", EventSourcePosition.LATEST).uuid(), "Enabled"); // only then it knows the latest
        put("2");
        await().untilAsserted(() -> assertThat(host.invoked()).hasSize(4));
        assertThat(host.sources()).endsWith(STREAM);
    }

    private List<String> listedFrom(String arn) {
        return lambda().listEventSourceMappings(request -> request.eventSourceArn(arn)).eventSourceMappings().stream()
                .map(EventSourceMappingConfiguration::uuid)
                .toList();
    }

    @Test
    void a_mappings_tags_are_kept_and_changed_across_restarts() {
        CreateEventSourceMappingResponse created = lambda().createEventSourceMapping(
                        request -> request.functionName("fn")
                                .eventSourceArn(STREAM)
                                .startingPosition(EventSourcePosition.LATEST)
                                .tags(Map.of("team", "billing", "stage", "test")));
        String arn = created.eventSourceMappingArn();
        assertThat(tags(arn)).isEqualTo(Map.of("team", "billing", "stage", "test"));

        lambda().tagResource(request -> request.resource(arn).tags(Map.of("stage", "prod", "cost", "1")));
        lambda().untagResource(request -> request.resource(arn).tagKeys("team"));
        lambda().updateEventSourceMapping(
                        request -> request.uuid(created.uuid()).batchSize(7));
        server.restart();

        assertThat(tags(arn)).isEqualTo(Map.of("stage", "prod", "cost", "1"));
        assertThat(get(created.uuid()).batchSize()).isEqualTo(7);
    }

    private Map<String, String> tags(String arn) {
        return lambda().listTags(request -> request.resource(arn)).tags();
    }

    @Test
    void a_mapping_has_50_tags_at_most() {
        Map<String, String> many = IntStream.range(0, 51).boxed().collect(Collectors.toMap(i -> "key" + i, i -> ""));
        assertThatThrownBy(() -> lambda().createEventSourceMapping(request -> request.functionName("fn")
                        .eventSourceArn(STREAM)
                        .startingPosition(EventSourcePosition.LATEST)
                        .tags(many)))
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining(TOO_MANY_TAGS);
        assertThat(lambda().listEventSourceMappings().eventSourceMappings()).isEmpty();

        String arn = create("fn", EventSourcePosition.LATEST).eventSourceMappingArn();
        assertThatThrownBy(() ->
                        lambda().tagResource(request -> request.resource(arn).tags(many)))
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining(TOO_MANY_TAGS);
        assertThat(tags(arn)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"us-east-1, us-west-2", "000000000000, 111111111111"})
    void a_mapping_of_another_region_or_account_has_no_tags(String here, String there) {
        String foreign =
                create("fn", EventSourcePosition.LATEST).eventSourceMappingArn().replace(here, there);

        assertThatThrownBy(() -> tags(foreign)).isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> lambda().tagResource(
                                request -> request.resource(foreign).tags(Map.of("a", "b"))))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    private static void awaitDocuments(Path file, int documents) {
        await().untilAsserted(() -> assertThat(documents(file)).hasSize(documents));
    }

    private static List<JsonNode> documents(Path file) {
        try {
            return Files.exists(file)
                    ? Files.readAllLines(file).stream()
                            .map(JsonMapper.shared()::readTree)
                            .toList()
                    : List.of();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private List<String> listed(String function) {
        return lambda()
                .listEventSourceMappings(request -> request.functionName(function))
                .eventSourceMappings()
                .stream()
                .map(EventSourceMappingConfiguration::uuid)
                .toList();
    }

    @Test
    void an_alias_that_is_not_there_is_no_function() {
        assertThatThrownBy(() -> create("fn:NONE", EventSourcePosition.LATEST))
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining("Function does not exist");
    }

    @Test
    void case_19_a_mapping_outlives_its_function() {
        String uuid = create("fn", EventSourcePosition.LATEST).uuid();
        awaitState(uuid, "Enabled");
        lambda().deleteFunction(request -> request.functionName("fn"));
        assertThat(get(uuid).state()).isEqualTo("Enabled");
    }

    @Test
    void mappings_are_listed_in_pages_and_by_stream_and_function() {
        List<String> all = new ArrayList<>();
        for (String name : List.of("f1", "f2", "f3")) {
            function(name);
            all.add(create(name, EventSourcePosition.LATEST).uuid());
        }
        List<String> paged = new ArrayList<>();
        lambda().listEventSourceMappingsPaginator(request -> request.maxItems(2))
                .forEach(page -> page.eventSourceMappings().forEach(mapping -> paged.add(mapping.uuid())));
        assertThat(paged).containsExactlyInAnyOrderElementsOf(all);
        assertThat(listed("f2")).containsExactly(all.get(1));
        assertThat(listed("unknown")).isEmpty();
        assertThat(lambda().listEventSourceMappings(request -> request.eventSourceArn(STREAM))
                        .eventSourceMappings())
                .hasSize(3);
        assertThat(lambda().listEventSourceMappings(request -> request.eventSourceArn(STREAM + "2"))
                        .eventSourceMappings())
                .isEmpty();
    }

    /** Recorded: spec 10.1. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {"FunctionName":"fn"} | 400 | InvalidParameterValueException | {"Type":"User","message":"Unrecognized event source."}
            {"FunctionName":"no","EventSourceArn":"ORDERS","StartingPosition":"LATEST"} | 400 | InvalidParameterValueException | {"Type":"User","message":"Function does not exist"}
            {"FunctionName":"fn","EventSourceArn":"ORDERS2","StartingPosition":"LATEST"} | 400 | InvalidParameterValueException | {"Type":"User","message":"Stream not found: ORDERS2"}
            {"FunctionName":"fn","EventSourceArn":"ORDERS"} | 400 | InvalidParameterValueException | {"Type":"User","message":"1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null."}
            {"FunctionName":"fn","EventSourceArn":"ORDERS","StartingPosition":"X"} | 400 | ValidationException | {"message":"1 validation error detected: Value 'X' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]"}
            {"FunctionName":"fn","EventSourceArn":"ORDERS","StartingPosition":"LATEST","BatchSize":10001} | 400 | ValidationException | {"message":"1 validation error detected: Value '10001' at 'batchSize' failed to satisfy constraint: Member must have value less than or equal to 10000"}
            {"FunctionName":"fn","EventSourceArn":"ORDERS","StartingPosition":"LATEST","BatchSize":"1"} | 400 | SerializationException | {"Type":"User","message":"BatchSize must be an Integer"}
            {"FunctionName":"fn","EventSourceArn":"ORDERS","StartingPosition":"LATEST","FilterCriteria":{"Filters":[{"Pattern":"single-string"}]}} | 400 | InvalidParameterValueException | {"Type":"User","message":"Invalid filter pattern definition."}
            {"FunctionName":"fn","EventSourceArn":"ORDERS","StartingPosition":"LATEST","ScalingConfig":{"MaximumConcurrency":2}} | 400 | InvalidParameterValueException | {"Type":"User","message":"Unsupported ScalingConfig parameter for given event source mapping type."}
            """)
    void refusals_are_in_lambdas_words(String body, int status, String error, String answer) {
        HttpResponse<String> refused = server.send("POST", PATH, body.replace("ORDERS", STREAM));
        assertThat(refused.statusCode()).isEqualTo(status);
        assertThat(refused.headers().firstValue("x-amzn-errortype")).hasValue(error);
        assertThat(refused.body()).isEqualTo(answer.replace("ORDERS", STREAM));
    }

    @ParameterizedTest
    @CsvSource({"GET", "PUT", "DELETE"})
    void case_17_an_unknown_mapping_is_not_found(String method) {
        HttpResponse<String> refused =
                server.send(method, PATH + "/00000000-0000-0000-0000-000000000000", method.equals("PUT") ? "{}" : "");
        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.headers().firstValue("x-amzn-errortype")).hasValue("ResourceNotFoundException");
        assertThat(refused.body())
                .isEqualTo("{\"Type\":\"User\",\"Message\":\"The resource you requested does not exist.\"}");
    }
}
