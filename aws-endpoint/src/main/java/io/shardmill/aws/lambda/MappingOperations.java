package io.shardmill.aws.lambda;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.poller.control.MappingChange;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.runtime.arn.Arn;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Lambda's operations on event source mappings (spec 10.1). */
final class MappingOperations {

    private static final int MAX_PAGE = 100;

    private static final Member<String> UUID_OF_MAPPING = Member.text("UUID").required();
    private static final Shape MAPPING = Shape.of(UUID_OF_MAPPING);
    private static final Shape UPDATE = MappingRequest.UPDATE.with(List.of(UUID_OF_MAPPING));
    private static final Member<String> LISTED_FUNCTION = Member.text("FunctionName");
    private static final Shape LIST = Shape.of(
            MappingRequest.EVENT_SOURCE_ARN, LISTED_FUNCTION, FunctionMembers.MARKER, FunctionMembers.MAX_ITEMS);

    private final Mappings mappings;
    private final FunctionNames names;
    private final LambdaSettings settings;
    private final MappingJson json;

    MappingOperations(Mappings mappings, FunctionNames names, LambdaSettings settings) {
        this.mappings = mappings;
        this.names = names;
        this.settings = settings;
        this.json = new MappingJson(names);
    }

    List<LambdaOperation> operations() {
        String all = "event-source-mappings";
        return List.of(
                LambdaOperation.of("CreateEventSourceMapping", "POST " + all, MappingRequest.CREATE, this::create),
                LambdaOperation.of(
                        "ListEventSourceMappings",
                        "GET " + all + "?EventSourceArn&FunctionName&Marker&MaxItems",
                        LIST,
                        this::list),
                LambdaOperation.of("GetEventSourceMapping", "GET " + all + "/{UUID}", MAPPING, this::get),
                LambdaOperation.of("UpdateEventSourceMapping", "PUT " + all + "/{UUID}", UPDATE, this::update),
                LambdaOperation.of("DeleteEventSourceMapping", "DELETE " + all + "/{UUID}", MAPPING, this::delete));
    }

    private AwsResponse create(Call call) {
        MappingRequest request = request(call);
        EventSourceMapping mapping =
                request.create(UUID.randomUUID().toString(), settings.clock().instant());
        try {
            return begun(mappings.create(mapping, request.enabled(true)));
        } catch (StreamNotFoundException unknown) {
            throw streamNotFound(call.request().get(MappingRequest.EVENT_SOURCE_ARN, ""));
        }
    }

    private MappingRequest request(Call call) {
        return new MappingRequest(call.request(), names, settings.unsupported());
    }

    static AwsException streamNotFound(String arn) {
        return LambdaErrors.invalid("Stream not found: " + arn);
    }

    private AwsResponse get(Call call) {
        return LambdaResponses.json(200, json.of(mappings.get(name(call))));
    }

    /** A function matches with its qualifier only, and what is unknown has no mappings (spec cases 16 and 17). */
    private AwsResponse list(Call call) {
        String arn = call.request().get(MappingRequest.EVENT_SOURCE_ARN);
        String function = call.request().get(LISTED_FUNCTION);
        return Listing.answer(
                call.request(),
                MAX_PAGE,
                "EventSourceMappings",
                mappings.list().stream()
                        .filter(found ->
                                arn == null || json.streamArn(found.mapping()).equals(arn))
                        .filter(found -> function == null
                                || json.functionArn(found.mapping()).equals(functionArn(function)))
                        .toList(),
                found -> found.uuid().toString(),
                json::of);
    }

    private String functionArn(String reference) {
        Arn whole = Arn.parse(reference);
        return whole == null ? names.arn(names.parse(reference)) : whole.toString();
    }

    private AwsResponse update(Call call) {
        MappingRequest request = request(call);
        return begun(mappings.update(name(call), request::update, call.request().get(MappingRequest.ENABLED)));
    }

    private AwsResponse delete(Call call) {
        return begun(mappings.delete(name(call)));
    }

    /** Returns a mapping's tags. */
    Map<String, String> tags(Arn mapping) {
        return mappings.get(name(mapping)).mapping().labels().tags();
    }

    /** @param change of the tags, which may be made several times */
    void retag(Arn mapping, UnaryOperator<Map<String, String>> change) {
        MappingChange unused = mappings.update(
                name(mapping),
                tagged -> tagged.with(
                        tagged.labels().withTags(change.apply(tagged.labels().tags()))),
                null);
    }

    /** @throws AwsException if there is none, as in any other region or account */
    private String name(Arn mapping) {
        if (!names.scope().contains(mapping)) {
            throw LambdaErrors.mappingNotFound();
        }
        return name(mapping.resource().substring(mapping.resource().indexOf(':') + 1));
    }

    private String name(Call call) {
        return name(call.request().require(UUID_OF_MAPPING));
    }

    private String name(String uuid) {
        return mappings.names().stream()
                .filter(name -> EventSourceMapping.uuidOf(name).toString().equals(uuid))
                .findFirst()
                .orElseThrow(LambdaErrors::mappingNotFound);
    }

    /** Answers as soon as the change is accepted, as Lambda does. Failures to carry it out are logged. */
    private AwsResponse begun(MappingChange change) {
        return LambdaResponses.json(202, json.of(change.answer()));
    }
}
