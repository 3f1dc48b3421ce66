package io.shardmill.aws.lambda;

import static io.shardmill.aws.protocol.Constraint.length;
import static io.shardmill.aws.protocol.Constraint.matches;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
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
    private final FunctionNames names;

    TagOperations(DeployedFunctions functions, FunctionOperations all, FunctionNames names) {
        this.functions = functions;
        this.all = all;
        this.names = names;
    }

    List<LambdaOperation> operations() {
        return List.of(
                LambdaOperation.of("ListTags", "GET tags/{Resource}", LIST, this::list),
                LambdaOperation.of("TagResource", "POST tags/{Resource}", TAG, this::tag),
                LambdaOperation.of("UntagResource", "DELETE tags/{Resource}?tagKeys", UNTAG, this::untag));
    }

    private AwsResponse list(Call call) {
        Map<String, String> tags = isMapping(call.request())
                ? Map.of()
                : function(call.request()).details().labels().tags();
        return LambdaResponses.json(200, Map.of("Tags", tags));
    }

    private static boolean isMapping(Members request) {
        return request.require(RESOURCE).contains(":event-source-mapping:");
    }

    private FunctionDescription function(Members request) {
        Arn arn = Arn.parse(request.require(RESOURCE));
        if (arn == null || !arn.resource().startsWith("function:")) {
            throw LambdaErrors.mappingNotFound();
        }
        FunctionRef function = names.parse(arn.toString());
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
        return retag(call.request(), tags -> tags.putAll(more));
    }

    private AwsResponse untag(Call call) {
        return retag(
                call.request(), tags -> tags.keySet().removeAll(call.request().require(TAG_KEYS)));
    }

    private AwsResponse retag(Members request, Consumer<Map<String, String>> change) {
        if (isMapping(request)) {
            throw mappingsHaveNone();
        }
        return functions.inOneChange(() -> {
            FunctionDescription function = function(request);
            FunctionLabels labels = function.details().labels();
            Map<String, String> tags = new TreeMap<>(labels.tags());
            change.accept(tags);
            FunctionDescription unused =
                    functions.label(function.configuration().name(), labels.withTags(FunctionTags.checked(tags)));
            return LambdaResponses.nothing(204);
        });
    }

    /** Refused rather than lost. */
    static AwsException mappingsHaveNone() {
        return LambdaErrors.invalid("Tags of event source mappings are not kept here: leave them out");
    }
}
