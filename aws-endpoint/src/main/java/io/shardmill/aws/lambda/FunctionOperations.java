package io.shardmill.aws.lambda;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.lambda.DeploymentException;
import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.lambda.deploy.FunctionDescription;
import io.shardmill.lambda.deploy.FunctionDetails;
import io.shardmill.lambda.deploy.FunctionLabels;
import io.shardmill.runtime.FunctionSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Lambda's operations on functions. Declared ones are found and listed; the application's function beans are not. */
final class FunctionOperations {

    /** AWS's bound of a request with a zip of 50 MB in it. */
    static final int MAX_CODE_BODY_BYTES = 70_167_211;

    private static final int MAX_PAGE = 50;

    private final DeployedFunctions functions;

    FunctionOperations(DeployedFunctions functions) {
        this.functions = functions;
    }

    List<Route> routes(int maxBodyBytes) {
        return List.of(
                Route.of("POST functions", MAX_CODE_BODY_BYTES, this::create),
                Route.of("GET functions", maxBodyBytes, this::list),
                Route.of("GET functions/*", maxBodyBytes, this::get),
                Route.of("DELETE functions/*", maxBodyBytes, this::delete),
                Route.of("GET functions/*/configuration", maxBodyBytes, this::getConfiguration),
                Route.of("PUT functions/*/configuration", maxBodyBytes, this::updateConfiguration),
                Route.of("PUT functions/*/code", MAX_CODE_BODY_BYTES, this::updateCode));
    }

    /** @throws LambdaRefusal if there is none */
    static FunctionDescription require(DeployedFunctions functions, FunctionRef function) {
        return functions.describe(function.name(), function.qualifier()).orElseThrow(function::notFound);
    }

    private AwsResponse create(Call call) {
        try (RequestBody body = new RequestBody(call.body(), List.of("Code", "ZipFile"))) {
            Members members = body.members();
            FunctionRequest request = new FunctionRequest(members);
            FunctionConfiguration configuration = request.create();
            FunctionLabels labels = request.labels();
            UnsupportedMembers.refuse(members.of("Code"));
            FunctionRequest.requireRunnable(configuration.program().runtime(), labels);
            requireFree(configuration.name());
            Path code = code(body);
            return functions.inOneChange(() -> {
                FunctionDescription created = uploaded(code, () -> functions.create(configuration, labels, code));
                return Answers.json(201, published(created, members));
            });
        }
    }

    private void requireFree(String name) {
        functions.describe(name).ifPresent(function -> {
            throw LambdaRefusal.conflict("Function already exist: " + name
                    + (function.origin() == null ? "" : "; it is configured by " + function.origin()));
        });
    }

    private static Path code(RequestBody body) {
        Path zip = body.zip();
        if (zip == null) {
            throw LambdaRefusal.invalid("Please provide the code as ZipFile: a zip or jar, in base64");
        }
        return zip;
    }

    /** The caller knows nothing of the file. */
    private static FunctionDescription uploaded(Path code, Supplier<FunctionDescription> deployment) {
        try {
            return deployment.get();
        } catch (DeploymentException refused) {
            String message = String.valueOf(refused.getMessage()).replace(code.toString(), "ZipFile");
            throw refused.kind() == DeploymentException.Kind.CONFLICT
                    ? LambdaRefusal.conflict(message)
                    : LambdaRefusal.invalid(message);
        }
    }

    private Map<String, Object> published(FunctionDescription function, Members members) {
        if (!members.flag("Publish")) {
            return FunctionJson.of(function, null);
        }
        FunctionDescription version =
                functions.versions().publish(function.configuration().name(), "");
        return FunctionJson.of(version, version.details().version());
    }

    private AwsResponse list(Call call) {
        boolean all = "ALL".equals(call.head().parameter("FunctionVersion"));
        List<FunctionDescription> found = new ArrayList<>();
        for (FunctionDescription function : functions.list()) {
            if (all) {
                found.addAll(functions.versions().list(function.configuration().name()));
            } else {
                found.add(function);
            }
        }
        return Answers.json(
                200,
                Page.of(
                        call,
                        MAX_PAGE,
                        "Functions",
                        found,
                        VersionOperations::key,
                        function -> FunctionJson.of(
                                function, all ? function.details().version() : null)));
    }

    private AwsResponse get(Call call) {
        FunctionRef function = call.function();
        FunctionDescription found = require(functions, function);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("Configuration", FunctionJson.of(found, function.qualifier()));
        json.put("Code", Map.of("RepositoryType", "Local")); // the upload is not kept, so there is no Location
        json.put("Tags", found.details().labels().tags());
        int reserved = require(functions, new FunctionRef(function.name(), null))
                .configuration()
                .settings()
                .reservedConcurrency();
        if (reserved != FunctionSettings.UNLIMITED) {
            json.put("Concurrency", Map.of("ReservedConcurrentExecutions", reserved));
        }
        return Answers.json(200, json);
    }

    private AwsResponse getConfiguration(Call call) {
        FunctionRef function = call.function();
        return Answers.json(200, FunctionJson.of(require(functions, function), function.qualifier()));
    }

    private AwsResponse updateConfiguration(Call call) {
        try (RequestBody body = new RequestBody(call.body())) {
            FunctionRequest request = new FunctionRequest(body.members());
            return functions.inOneChange(() -> updateConfiguration(call.function(), request));
        }
    }

    private AwsResponse updateConfiguration(FunctionRef function, FunctionRequest request) {
        FunctionDescription before = requireLatest(function);
        request.requireRevision(before);
        FunctionConfiguration configuration = request.update(before.configuration());
        FunctionLabels labels = request.labels(before.details().labels());
        FunctionRequest.requireRunnable(configuration.program().runtime(), labels);
        return Answers.json(200, FunctionJson.of(functions.updateConfiguration(configuration, labels), null));
    }

    private AwsResponse updateCode(Call call) {
        try (RequestBody body = new RequestBody(call.body(), List.of("ZipFile"))) {
            return functions.inOneChange(() -> updateCode(call.function(), body));
        }
    }

    private AwsResponse updateCode(FunctionRef function, RequestBody body) {
        Members members = body.members();
        FunctionDescription before = requireLatest(function);
        FunctionRequest request = new FunctionRequest(members);
        request.requireRevision(before);
        UnsupportedMembers.refuse(members);
        FunctionLabels labels = request.labels(before.details().labels());
        FunctionRequest.requireRunnable(before.configuration().program().runtime(), labels);
        Path code = code(body);
        if (members.flag("DryRun")) {
            return Answers.json(200, FunctionJson.of(before, null));
        }
        String name = before.configuration().name();
        FunctionDescription updated = uploaded(code, () -> functions.updateCode(name, code));
        if (!labels.equals(updated.details().labels())) {
            updated = functions.label(name, labels);
        }
        return Answers.json(200, published(updated, members));
    }

    /** @throws LambdaRefusal if there is none, or it is a version, which never changes */
    private FunctionDescription requireLatest(FunctionRef function) {
        FunctionDescription found = require(functions, function);
        if (!found.details().version().equals(FunctionDetails.LATEST)) {
            throw LambdaRefusal.invalid("Only the function itself can be changed, not " + function.arn());
        }
        return found;
    }

    private AwsResponse delete(Call call) {
        FunctionRef function = call.function();
        String qualifier = function.qualifier();
        FunctionDescription found = require(functions, function);
        if (qualifier == null) {
            functions.delete(function.name());
        } else if (qualifier.equals(FunctionDetails.LATEST)) {
            throw LambdaRefusal.invalid("$LATEST version cannot be deleted without deleting the function.");
        } else if (!qualifier.equals(found.details().version())) {
            throw LambdaRefusal.invalid("Deletion of aliases is not currently supported.");
        } else {
            functions.versions().delete(function.name(), qualifier);
        }
        return Answers.nothing(204);
    }
}
