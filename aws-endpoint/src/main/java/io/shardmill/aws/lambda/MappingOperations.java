package io.shardmill.aws.lambda;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.poller.control.LambdaMappings;
import io.shardmill.poller.control.MappingChange;
import java.util.List;

/** Lambda's operations on event source mappings (spec 10.1). */
final class MappingOperations {

    private static final int MAX_PAGE = 100;

    private final LambdaMappings mappings;

    MappingOperations(LambdaMappings mappings) {
        this.mappings = mappings;
    }

    List<Route> routes(int maxBodyBytes) {
        return List.of(
                Route.of("POST event-source-mappings", maxBodyBytes, this::create),
                Route.of("GET event-source-mappings", maxBodyBytes, this::list),
                Route.of("GET event-source-mappings/*", maxBodyBytes, this::get),
                Route.of("PUT event-source-mappings/*", maxBodyBytes, this::update),
                Route.of("DELETE event-source-mappings/*", maxBodyBytes, this::delete));
    }

    private AwsResponse create(Call call) {
        try (RequestBody body = new RequestBody(call.body())) {
            if (!body.members().of("Tags").values().isEmpty()) {
                throw tagged();
            }
            return begun(mappings.create(body.values()));
        }
    }

    /** Said rather than that tags are lost. */
    static LambdaRefusal tagged() {
        return LambdaRefusal.invalid("Tags of event source mappings are not kept here: leave them out");
    }

    private AwsResponse get(Call call) {
        return Answers.json(200, MappingJson.of(mappings.get(call.places().get(0))));
    }

    private AwsResponse list(Call call) {
        return Answers.json(
                200,
                Page.of(
                        call,
                        MAX_PAGE,
                        "EventSourceMappings",
                        mappings.list(
                                call.head().parameter("EventSourceArn"),
                                call.head().parameter("FunctionName")),
                        found -> found.uuid().toString(),
                        MappingJson::of));
    }

    private AwsResponse update(Call call) {
        try (RequestBody body = new RequestBody(call.body())) {
            return begun(mappings.update(call.places().get(0), body.values()));
        }
    }

    private AwsResponse delete(Call call) {
        return begun(mappings.delete(call.places().get(0)));
    }

    /** The rest happens without us, as on Lambda; whatever goes wrong with it is logged there. */
    private static AwsResponse begun(MappingChange change) {
        return Answers.json(202, MappingJson.of(change.answer()));
    }
}
