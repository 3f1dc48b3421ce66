package io.shardmill.aws.lambda;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.lambda.deploy.FunctionDescription;
import io.shardmill.lambda.deploy.FunctionLabels;
import io.shardmill.runtime.FunctionSettings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Lambda's operations on a function's reserved concurrency and tags. */
final class SettingOperations {

    private static final String RESERVED = "ReservedConcurrentExecutions";

    private final DeployedFunctions functions;

    SettingOperations(DeployedFunctions functions) {
        this.functions = functions;
    }

    List<Route> routes(int maxBodyBytes) {
        return List.of(
                Route.of("GET functions/*/concurrency", maxBodyBytes, this::getConcurrency),
                Route.of("PUT functions/*/concurrency", maxBodyBytes, this::putConcurrency),
                Route.of("DELETE functions/*/concurrency", maxBodyBytes, this::deleteConcurrency),
                Route.of("GET functions/*/code-signing-config", maxBodyBytes, this::getCodeSigning),
                Route.of("GET tags/*", maxBodyBytes, this::listTags),
                Route.of("POST tags/*", maxBodyBytes, this::tag),
                Route.of("DELETE tags/*", maxBodyBytes, this::untag));
    }

    private FunctionDescription require(Call call) {
        return FunctionOperations.require(
                functions, new FunctionRef(call.function().name(), null));
    }

    private AwsResponse getConcurrency(Call call) {
        int reserved = require(call).configuration().settings().reservedConcurrency();
        return Answers.json(200, reserved == FunctionSettings.UNLIMITED ? Map.of() : Map.of(RESERVED, reserved));
    }

    private AwsResponse putConcurrency(Call call) {
        try (RequestBody body = new RequestBody(call.body())) {
            int reserved = body.members().number(RESERVED, -1, 0, Integer.MAX_VALUE);
            if (reserved < 0) {
                throw LambdaRefusal.constraint("reservedConcurrentExecutions", null, "not be null");
            }
            reserve(call, reserved);
            return Answers.json(200, Map.of(RESERVED, reserved));
        }
    }

    private AwsResponse deleteConcurrency(Call call) {
        reserve(call, FunctionSettings.UNLIMITED);
        return Answers.nothing(204);
    }

    /** Counts from the next invocation on; running ones finish. */
    private void reserve(Call call, int reserved) {
        FunctionDescription unused = functions.inOneChange(
                () -> functions.reserve(require(call).configuration().name(), reserved));
    }

    /** No code is signed; whoever describes a function, as Terraform does, asks. */
    private AwsResponse getCodeSigning(Call call) {
        return Answers.json(
                200,
                Map.of(
                        "CodeSigningConfigArn",
                        "",
                        "FunctionName",
                        require(call).configuration().name()));
    }

    /** Mappings have none. */
    private AwsResponse listTags(Call call) {
        return Answers.json(
                200,
                Map.of(
                        "Tags",
                        isMapping(call)
                                ? Map.of()
                                : require(call).details().labels().tags()));
    }

    private static boolean isMapping(Call call) {
        return call.places().get(0).contains(":event-source-mapping:");
    }

    private AwsResponse tag(Call call) {
        try (RequestBody body = new RequestBody(call.body())) {
            Map<String, String> more = body.members().of("Tags").texts();
            return retag(call, tags -> tags.putAll(more));
        }
    }

    private AwsResponse untag(Call call) {
        List<String> keys = call.head().query().getOrDefault("tagKeys", List.of());
        return retag(call, tags -> tags.keySet().removeAll(keys));
    }

    private AwsResponse retag(Call call, Consumer<Map<String, String>> change) {
        if (isMapping(call)) {
            throw LambdaRefusal.invalid("Tags of event source mappings are not kept here: leave them out");
        }
        return functions.inOneChange(() -> {
            FunctionDescription function = require(call);
            FunctionLabels labels = function.details().labels();
            Map<String, String> tags = new TreeMap<>(labels.tags());
            change.accept(tags);
            FunctionDescription unused =
                    functions.label(function.configuration().name(), labels.withTags(tags));
            return Answers.nothing(204);
        });
    }
}
