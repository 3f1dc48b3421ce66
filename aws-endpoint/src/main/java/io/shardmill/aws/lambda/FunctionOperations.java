package io.shardmill.aws.lambda;

import static io.shardmill.aws.protocol.Constraint.oneOf;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.aws.protocol.UnsupportedSettings;
import io.shardmill.aws.protocol.Upload;
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

    private static final Member<Members> CODE =
            Member.structure("Code", Shape.of(FunctionMembers.ZIP_FILE).with(Unsupported.OF_CODE.members()));
    private static final Member<Boolean> DRY_RUN = Member.flag("DryRun");
    private static final Member<String> FUNCTION_VERSION = Member.text("FunctionVersion", oneOf(List.of("ALL")));
    private static final Shape FUNCTION = Shape.of(FunctionMembers.FUNCTION_NAME, FunctionMembers.QUALIFIER);
    private static final Shape LIST = Shape.of(FUNCTION_VERSION, FunctionMembers.MARKER, FunctionMembers.MAX_ITEMS);
    private static final Shape UPDATE_CONFIGURATION = Shape.of(
                    FunctionMembers.FUNCTION_NAME,
                    FunctionMembers.QUALIFIER,
                    FunctionMembers.DESCRIPTION,
                    FunctionMembers.RUNTIME,
                    FunctionMembers.HANDLER,
                    FunctionMembers.ROLE,
                    FunctionMembers.TIMEOUT,
                    FunctionMembers.MEMORY_SIZE,
                    FunctionMembers.ENVIRONMENT,
                    FunctionMembers.ARCHITECTURES,
                    FunctionMembers.REVISION_ID)
            .with(Unsupported.OF_FUNCTIONS.members());
    private static final Shape CREATE = Shape.of(
                    FunctionMembers.FUNCTION_NAME,
                    FunctionMembers.QUALIFIER,
                    FunctionMembers.ROLE.required(),
                    CODE.required(),
                    FunctionMembers.DESCRIPTION,
                    FunctionMembers.RUNTIME,
                    FunctionMembers.HANDLER,
                    FunctionMembers.TIMEOUT,
                    FunctionMembers.MEMORY_SIZE,
                    FunctionMembers.ENVIRONMENT,
                    FunctionMembers.ARCHITECTURES,
                    FunctionMembers.TAGS,
                    FunctionMembers.PUBLISH)
            .with(Unsupported.OF_FUNCTIONS.members());
    private static final Shape UPDATE_CODE = Shape.of(
                    FunctionMembers.FUNCTION_NAME,
                    FunctionMembers.QUALIFIER,
                    FunctionMembers.ZIP_FILE,
                    FunctionMembers.ROLE,
                    FunctionMembers.ARCHITECTURES,
                    FunctionMembers.REVISION_ID,
                    FunctionMembers.PUBLISH,
                    DRY_RUN)
            .with(Unsupported.OF_CODE.members());

    private final DeployedFunctions functions;
    private final FunctionNames names;
    private final UnsupportedSettings unsupported;
    private final FunctionJson json;

    FunctionOperations(DeployedFunctions functions, FunctionNames names, UnsupportedSettings unsupported) {
        this.functions = functions;
        this.names = names;
        this.unsupported = unsupported;
        this.json = new FunctionJson(names);
    }

    List<LambdaOperation> operations() {
        return List.of(
                LambdaOperation.of("CreateFunction", "POST functions", CREATE, this::create)
                        .withMaxBody(head -> MAX_CODE_BODY_BYTES),
                LambdaOperation.of("ListFunctions", "GET functions?FunctionVersion&Marker&MaxItems", LIST, this::list),
                LambdaOperation.of("GetFunction", "GET functions/{FunctionName}?Qualifier", FUNCTION, this::get),
                LambdaOperation.of(
                        "DeleteFunction", "DELETE functions/{FunctionName}?Qualifier", FUNCTION, this::delete),
                LambdaOperation.of(
                        "GetFunctionConfiguration",
                        "GET functions/{FunctionName}/configuration?Qualifier",
                        FUNCTION,
                        this::getConfiguration),
                LambdaOperation.of(
                        "UpdateFunctionConfiguration",
                        "PUT functions/{FunctionName}/configuration",
                        UPDATE_CONFIGURATION,
                        this::updateConfiguration),
                LambdaOperation.of(
                                "UpdateFunctionCode",
                                "PUT functions/{FunctionName}/code",
                                UPDATE_CODE,
                                this::updateCode)
                        .withMaxBody(head -> MAX_CODE_BODY_BYTES));
    }

    /** @throws AwsException if there is none */
    FunctionDescription require(FunctionRef function) {
        return functions.describe(function.name(), function.qualifier()).orElseThrow(() -> names.notFound(function));
    }

    private AwsResponse create(Call call) {
        Members members = call.request();
        FunctionRequest request = new FunctionRequest(members, unsupported);
        String name = names.of(members).name();
        FunctionLabels labels = request.labels(name);
        FunctionConfiguration configuration = request.create(name);
        Members code = members.require(CODE);
        Unsupported.OF_CODE.refuse(code);
        FunctionRequest.requireRunnable(configuration.program().runtime(), labels);
        request.warnOfOtherMachine(name, labels);
        requireFree(name);
        Path zip = zip(code);
        return functions.inOneChange(() -> {
            FunctionDescription created = uploaded(zip, () -> functions.create(configuration, labels, zip));
            return LambdaResponses.json(201, published(created, members));
        });
    }

    private void requireFree(String name) {
        functions.describe(name).ifPresent(function -> {
            throw LambdaErrors.conflict("Function already exist: " + name
                    + (function.origin() == null ? "" : "; it is configured by " + function.origin()));
        });
    }

    private static Path zip(Members code) {
        Upload upload = code.get(FunctionMembers.ZIP_FILE);
        if (upload == null) {
            throw LambdaErrors.invalid("Please provide the code as ZipFile: a zip or jar, in base64");
        }
        return upload.file();
    }

    /** The caller knows nothing of the file. */
    private static FunctionDescription uploaded(Path code, Supplier<FunctionDescription> deployment) {
        try {
            return deployment.get();
        } catch (DeploymentException refused) {
            String message = String.valueOf(refused.getMessage()).replace(code.toString(), "ZipFile");
            throw refused.kind() == DeploymentException.Kind.CONFLICT
                    ? LambdaErrors.conflict(message)
                    : LambdaErrors.invalid(message);
        }
    }

    private Map<String, Object> published(FunctionDescription function, Members request) {
        if (!request.get(FunctionMembers.PUBLISH, false)) {
            return json.of(function, null);
        }
        FunctionDescription version =
                functions.versions().publish(function.configuration().name(), "");
        return json.of(version, version.details().version());
    }

    private AwsResponse list(Call call) {
        boolean all = call.request().has(FUNCTION_VERSION);
        List<FunctionDescription> found = new ArrayList<>();
        for (FunctionDescription function : functions.list()) {
            if (all) {
                found.addAll(functions.versions().list(function.configuration().name()));
            } else {
                found.add(function);
            }
        }
        return Listing.answer(
                call.request(),
                MAX_PAGE,
                "Functions",
                found,
                VersionOperations::key,
                function -> json.of(function, all ? function.details().version() : null));
    }

    private AwsResponse get(Call call) {
        FunctionRef function = names.of(call.request());
        FunctionDescription found = require(function);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("Configuration", json.of(found, function.qualifier()));
        members.put("Code", Map.of("RepositoryType", "Local")); // the upload is not kept, so there is no Location
        members.put("Tags", found.details().labels().tags());
        int reserved = require(function.with(null)).configuration().settings().reservedConcurrency();
        if (reserved != FunctionSettings.UNLIMITED) {
            members.put("Concurrency", Map.of("ReservedConcurrentExecutions", reserved));
        }
        return LambdaResponses.json(200, members);
    }

    private AwsResponse getConfiguration(Call call) {
        FunctionRef function = names.of(call.request());
        return LambdaResponses.json(200, json.of(require(function), function.qualifier()));
    }

    private AwsResponse updateConfiguration(Call call) {
        FunctionRequest request = new FunctionRequest(call.request(), unsupported);
        return functions.inOneChange(() -> {
            FunctionDescription before = requireLatest(names.of(call.request()));
            request.requireRevision(before);
            FunctionLabels labels = request.ignoring(
                    before.configuration().name(),
                    request.labels(before.details().labels()));
            FunctionConfiguration configuration = request.update(before.configuration());
            FunctionRequest.requireRunnable(configuration.program().runtime(), labels);
            return LambdaResponses.json(200, json.of(functions.updateConfiguration(configuration, labels), null));
        });
    }

    private AwsResponse updateCode(Call call) {
        return functions.inOneChange(() -> updateCode(call.request()));
    }

    private AwsResponse updateCode(Members members) {
        FunctionDescription before = requireLatest(names.of(members));
        FunctionRequest request = new FunctionRequest(members, unsupported);
        request.requireRevision(before);
        Unsupported.OF_CODE.refuse(members);
        FunctionLabels labels = request.labels(before.details().labels());
        FunctionRequest.requireRunnable(before.configuration().program().runtime(), labels);
        request.warnOfOtherMachine(before.configuration().name(), labels);
        Path zip = zip(members);
        if (members.get(DRY_RUN, false)) {
            return LambdaResponses.json(200, json.of(before, null));
        }
        String name = before.configuration().name();
        FunctionDescription updated = uploaded(zip, () -> functions.updateCode(name, zip));
        if (!labels.equals(updated.details().labels())) {
            updated = functions.label(name, labels);
        }
        return LambdaResponses.json(200, published(updated, members));
    }

    /** @throws AwsException if there is none, or it is a version, which never changes */
    private FunctionDescription requireLatest(FunctionRef function) {
        FunctionDescription found = require(function);
        if (!found.details().version().equals(FunctionDetails.LATEST)) {
            throw LambdaErrors.invalid("Only the function itself can be changed, not " + names.arn(function));
        }
        return found;
    }

    private AwsResponse delete(Call call) {
        FunctionRef function = names.of(call.request());
        String qualifier = function.qualifier();
        FunctionDescription found = require(function);
        if (qualifier == null) {
            functions.delete(function.name());
        } else if (qualifier.equals(FunctionDetails.LATEST)) {
            throw LambdaErrors.invalid("$LATEST version cannot be deleted without deleting the function.");
        } else if (!qualifier.equals(found.details().version())) {
            throw LambdaErrors.invalid("Deletion of aliases is not currently supported.");
        } else {
            functions.versions().delete(function.name(), qualifier);
        }
        return LambdaResponses.nothing(204);
    }
}
