package io.shardmill.aws.lambda;

import static io.shardmill.aws.protocol.Constraint.length;
import static io.shardmill.aws.protocol.Constraint.matches;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.lambda.deploy.FunctionAlias;
import io.shardmill.lambda.deploy.FunctionDescription;
import io.shardmill.lambda.deploy.FunctionDetails;
import java.util.List;
import java.util.regex.Pattern;

/** Lambda's operations on versions and aliases. */
final class VersionOperations {

    private static final int MAX_PAGE = 50;

    private static final Member<String> CODE_SHA256 = Member.text("CodeSha256");
    private static final Member<String> ALIAS_NAME = Member.text(
                    "Name", length(1, 128), matches(Pattern.compile("(?!^[0-9]+$)([a-zA-Z0-9-_]+)")))
            .required();
    private static final Member<String> FUNCTION_VERSION =
            Member.text("FunctionVersion", length(1, 1_024), matches(Pattern.compile("(\\$LATEST|[0-9]+)")));
    private static final Shape PUBLISH = Shape.of(
            FunctionMembers.FUNCTION_NAME,
            FunctionMembers.QUALIFIER,
            CODE_SHA256,
            FunctionMembers.DESCRIPTION,
            FunctionMembers.REVISION_ID);
    private static final Shape LIST = Shape.of(
            FunctionMembers.FUNCTION_NAME,
            FunctionMembers.QUALIFIER,
            FUNCTION_VERSION,
            FunctionMembers.MARKER,
            FunctionMembers.MAX_ITEMS);
    private static final Shape ALIAS = Shape.of(FunctionMembers.FUNCTION_NAME, FunctionMembers.QUALIFIER, ALIAS_NAME);
    private static final Shape CREATE_ALIAS = Shape.of(
                    FunctionMembers.FUNCTION_NAME,
                    FunctionMembers.QUALIFIER,
                    ALIAS_NAME,
                    FUNCTION_VERSION.required(),
                    FunctionMembers.DESCRIPTION)
            .with(Unsupported.OF_ALIASES.members());
    private static final Shape UPDATE_ALIAS = Shape.of(
                    FunctionMembers.FUNCTION_NAME,
                    FunctionMembers.QUALIFIER,
                    ALIAS_NAME,
                    FUNCTION_VERSION,
                    FunctionMembers.DESCRIPTION,
                    FunctionMembers.REVISION_ID)
            .with(Unsupported.OF_ALIASES.members());

    private final DeployedFunctions functions;
    private final FunctionOperations all;
    private final FunctionNames names;
    private final FunctionJson json;

    VersionOperations(DeployedFunctions functions, FunctionOperations all, FunctionNames names) {
        this.functions = functions;
        this.all = all;
        this.names = names;
        this.json = new FunctionJson(names);
    }

    List<LambdaOperation> operations() {
        String aliases = "functions/{FunctionName}/aliases";
        return List.of(
                LambdaOperation.of("PublishVersion", "POST functions/{FunctionName}/versions", PUBLISH, this::publish),
                LambdaOperation.of(
                        "ListVersionsByFunction",
                        "GET functions/{FunctionName}/versions?Marker&MaxItems",
                        LIST,
                        this::list),
                LambdaOperation.of("CreateAlias", "POST " + aliases, CREATE_ALIAS, this::createAlias),
                LambdaOperation.of(
                        "ListAliases", "GET " + aliases + "?FunctionVersion&Marker&MaxItems", LIST, this::listAliases),
                LambdaOperation.of("GetAlias", "GET " + aliases + "/{Name}", ALIAS, this::getAlias),
                LambdaOperation.of("UpdateAlias", "PUT " + aliases + "/{Name}", UPDATE_ALIAS, this::updateAlias),
                LambdaOperation.of("DeleteAlias", "DELETE " + aliases + "/{Name}", ALIAS, this::deleteAlias));
    }

    private AwsResponse publish(Call call) {
        return functions.inOneChange(() -> publish(require(call), call.request()));
    }

    private AwsResponse publish(FunctionDescription latest, Members request) {
        FunctionRequest.requireRevision(request, latest.details().revisionId());
        String sha256 = request.get(CODE_SHA256);
        if (sha256 != null
                && !sha256.isEmpty()
                && !sha256.equals(latest.details().code().sha256())) {
            throw LambdaErrors.invalid("CodeSHA256 (" + sha256
                    + ") is different from current CodeSHA256 in $LATEST ("
                    + latest.details().code().sha256() + "). Please try again with the CodeSHA256 in $LATEST.");
        }
        FunctionDescription version =
                functions.versions().publish(name(latest), request.get(FunctionMembers.DESCRIPTION, ""));
        return LambdaResponses.json(201, json.of(version, version.details().version()));
    }

    /** Returns the function itself that the path names. */
    private FunctionDescription require(Call call) {
        return all.require(names.of(call.request()).with(null));
    }

    private static String name(FunctionDescription function) {
        return function.configuration().name();
    }

    private AwsResponse list(Call call) {
        return Listing.answer(
                call.request(),
                MAX_PAGE,
                "Versions",
                functions.versions().list(name(require(call))),
                VersionOperations::key,
                version -> json.of(version, version.details().version()));
    }

    /** In order of names, and of a function's versions {@code $LATEST} first and then by number. */
    static String key(FunctionDescription function) {
        String version = function.details().version();
        String number = version.equals(FunctionDetails.LATEST) ? "" : "0".repeat(10 - version.length()) + version;
        return name(function) + ":" + number;
    }

    private AwsResponse createAlias(Call call) {
        return functions.inOneChange(() -> createAlias(name(require(call)), call.request()));
    }

    private AwsResponse createAlias(String function, Members request) {
        Unsupported.OF_ALIASES.refuse(request);
        String name = request.require(ALIAS_NAME);
        if (functions.versions().alias(function, name).isPresent()) {
            throw LambdaErrors.conflict("Alias already exists: " + names.arn(function, name));
        }
        return put(
                201,
                function,
                FunctionAlias.of(
                        name, request.require(FUNCTION_VERSION), request.get(FunctionMembers.DESCRIPTION, "")));
    }

    private AwsResponse put(int status, String function, FunctionAlias alias) {
        FunctionDescription unused = all.require(new FunctionRef(function, alias.version()));
        functions.versions().put(function, alias);
        return LambdaResponses.json(status, json.of(function, alias));
    }

    private AwsResponse listAliases(Call call) {
        String function = name(require(call));
        String version = call.request().get(FUNCTION_VERSION);
        List<FunctionAlias> aliases = functions.versions().aliases(function).stream()
                .filter(alias -> version == null || alias.version().equals(version))
                .toList();
        return Listing.answer(
                call.request(), MAX_PAGE, "Aliases", aliases, FunctionAlias::name, alias -> json.of(function, alias));
    }

    private AwsResponse getAlias(Call call) {
        String function = name(require(call));
        return LambdaResponses.json(200, json.of(function, requireAlias(function, call)));
    }

    private FunctionAlias requireAlias(String function, Call call) {
        String name = call.request().require(ALIAS_NAME);
        return functions
                .versions()
                .alias(function, name)
                .orElseThrow(() -> LambdaErrors.notFound("Cannot find alias arn: " + names.arn(function, name)));
    }

    private AwsResponse updateAlias(Call call) {
        return functions.inOneChange(() -> updateAlias(name(require(call)), call));
    }

    private AwsResponse updateAlias(String function, Call call) {
        FunctionAlias before = requireAlias(function, call);
        Members request = call.request();
        Unsupported.OF_ALIASES.refuse(request);
        FunctionRequest.requireRevision(request, before.revisionId());
        return put(
                200,
                function,
                FunctionAlias.of(
                        before.name(),
                        request.get(FUNCTION_VERSION, before.version()),
                        request.get(FunctionMembers.DESCRIPTION, before.description())));
    }

    private AwsResponse deleteAlias(Call call) {
        functions.versions().deleteAlias(name(require(call)), call.request().require(ALIAS_NAME));
        return LambdaResponses.nothing(204);
    }
}
