package io.shardmill.aws.lambda;

import static io.shardmill.aws.protocol.Constraint.length;
import static io.shardmill.aws.protocol.Constraint.matches;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.lambda.deploy.FunctionDescription;
import io.shardmill.lambda.deploy.FunctionLabels;
import io.shardmill.runtime.arn.Arn;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Lambda's operations on the tags of a function or a mapping. */
final class TagOperations {

    private static final Pattern RESOURCE_ARN = Pattern.compile("arn:(aws[a-zA-Z-]*):lambda:"
            + "(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:(function:[a-zA-Z0-9-_]+"
            + "(:(\\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}"
            + "|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
            + "|capacity-provider:[a-zA-Z0-9-_]+)");
    private static final Member<String> RESOURCE =
            Member.text("Resource", length(1, 256), matches(RESOURCE_ARN)).required();
    private static final Member<List<String>> TAG_KEYS = Member.texts("tagKeys");
    private static final Shape LIST = Shape.of(RESOURCE);
    private static final Shape TAG = Shape.of(RESOURCE, FunctionMembers.TAGS.required());
    private static final Shape UNTAG = Shape.of(RESOURCE, TAG_KEYS.required());

    private final DeployedFunctions functions;
    private final FunctionOperations all;
    private final MappingOperations mappings;
    private final FunctionNames names;

    TagOperations(
            DeployedFunctions functions, FunctionOperations all, MappingOperations mappings, FunctionNames names) {
        this.functions = functions;
        this.all = all;
        this.mappings = mappings;
        this.names = names;
    }

    List<LambdaOperation> operations() {
        return List.of(
                LambdaOperation.of("ListTags", "GET tags/{Resource}", LIST, this::list),
                LambdaOperation.of("TagResource", "POST tags/{Resource}", TAG, this::tag),
                LambdaOperation.of("UntagResource", "DELETE tags/{Resource}?tagKeys", UNTAG, this::untag));
    }

    private AwsResponse list(Call call) {
        Arn resource = resource(call);
        Map<String, String> tags = isMapping(resource)
                ? mappings.tags(resource)
                : function(resource).details().labels().tags();
        return LambdaResponses.json(200, Map.of("Tags", tags));
    }

    /** @throws AwsException if it is of a kind that there is none of here */
    private static Arn resource(Call call) {
        Arn arn = Arn.parse(call.request().require(RESOURCE));
        if (arn == null || !(isMapping(arn) || arn.resource().startsWith("function:"))) {
            throw LambdaErrors.mappingNotFound();
        }
        return arn;
    }

    private static boolean isMapping(Arn resource) {
        return resource.resource().startsWith("event-source-mapping:");
    }

    private FunctionDescription function(Arn resource) {
        FunctionRef function = names.parse(resource.toString());
        if (function.qualifier() != null) {
            throw LambdaErrors.invalid(
                    "Tags on function aliases and versions are not supported. Please specify a function ARN.");
        }
        return all.require(function);
    }

    private AwsResponse tag(Call call) {
        Map<String, String> more = call.request().require(FunctionMembers.TAGS);
        if (more.isEmpty()) {
            throw LambdaErrors.invalid("An error occurred and the request cannot be processed.");
        }
        return retag(resource(call), tags -> tags.putAll(more));
    }

    private AwsResponse untag(Call call) {
        List<String> keys = call.request().require(TAG_KEYS);
        return retag(resource(call), tags -> tags.keySet().removeAll(keys));
    }

    private AwsResponse retag(Arn resource, Consumer<Map<String, String>> change) {
        if (isMapping(resource)) {
            mappings.retag(resource, tags -> changed(tags, change));
            return LambdaResponses.nothing(204);
        }
        return functions.inOneChange(() -> {
            FunctionDescription function = function(resource);
            FunctionLabels labels = function.details().labels();
            FunctionDescription unused =
                    functions.label(function.configuration().name(), labels.withTags(changed(labels.tags(), change)));
            return LambdaResponses.nothing(204);
        });
    }

    private static Map<String, String> changed(Map<String, String> before, Consumer<Map<String, String>> change) {
        Map<String, String> tags = new TreeMap<>(before);
        change.accept(tags);
        return LambdaTags.checked(tags);
    }
}
