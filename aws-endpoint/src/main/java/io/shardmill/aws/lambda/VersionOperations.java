package io.shardmill.aws.lambda;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.lambda.deploy.FunctionAlias;
import io.shardmill.lambda.deploy.FunctionDescription;
import io.shardmill.lambda.deploy.FunctionDetails;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lambda's operations on versions and aliases. */
final class VersionOperations {

    private static final int MAX_PAGE = 50;

    private final DeployedFunctions functions;

    VersionOperations(DeployedFunctions functions) {
        this.functions = functions;
    }

    List<Route> routes(int maxBodyBytes) {
        return List.of(
                Route.of("POST functions/*/versions", maxBodyBytes, this::publish),
                Route.of("GET functions/*/versions", maxBodyBytes, this::list),
                Route.of("POST functions/*/aliases", maxBodyBytes, this::createAlias),
                Route.of("GET functions/*/aliases", maxBodyBytes, this::listAliases),
                Route.of("GET functions/*/aliases/*", maxBodyBytes, this::getAlias),
                Route.of("PUT functions/*/aliases/*", maxBodyBytes, this::updateAlias),
                Route.of("DELETE functions/*/aliases/*", maxBodyBytes, this::deleteAlias));
    }

    private AwsResponse publish(Call call) {
        try (RequestBody body = new RequestBody(call.body())) {
            return functions.inOneChange(() -> publish(require(call), body.members()));
        }
    }

    private AwsResponse publish(FunctionDescription latest, Members members) {
        new FunctionRequest(members).requireRevision(latest);
        String sha256 = members.text("CodeSha256");
        if (sha256 != null
                && !sha256.isEmpty()
                && !sha256.equals(latest.details().code().sha256())) {
            throw LambdaRefusal.invalid("CodeSHA256 (" + sha256
                    + ") is different from current CodeSHA256 in $LATEST ("
                    + latest.details().code().sha256() + "). Please try again with the CodeSHA256 in $LATEST.");
        }
        FunctionDescription version = functions.versions().publish(name(latest), members.text("Description", ""));
        return Answers.json(201, FunctionJson.of(version, version.details().version()));
    }

    /** The function itself that the path names. */
    private FunctionDescription require(Call call) {
        return FunctionOperations.require(
                functions, new FunctionRef(call.function().name(), null));
    }

    private static String name(FunctionDescription function) {
        return function.configuration().name();
    }

    private AwsResponse list(Call call) {
        return Answers.json(
                200,
                Page.of(
                        call,
                        MAX_PAGE,
                        "Versions",
                        functions.versions().list(name(require(call))),
                        VersionOperations::key,
                        version -> FunctionJson.of(version, version.details().version())));
    }

    /** In order of names, and of a function's versions {@code $LATEST} first and then by number. */
    static String key(FunctionDescription function) {
        String version = function.details().version();
        String number = version.equals(FunctionDetails.LATEST) ? "" : "0".repeat(10 - version.length()) + version;
        return name(function) + ":" + number;
    }

    private AwsResponse createAlias(Call call) {
        try (RequestBody body = new RequestBody(call.body())) {
            return functions.inOneChange(() -> createAlias(name(require(call)), body.members()));
        }
    }

    private AwsResponse createAlias(String function, Members members) {
        UnsupportedMembers.refuse(members);
        FunctionAlias alias = alias(members.required("Name"), members, null);
        if (functions.versions().alias(function, alias.name()).isPresent()) {
            throw LambdaRefusal.conflict("Alias already exists: " + FunctionRef.arn(function, alias.name()));
        }
        return put(201, function, alias);
    }

    private static FunctionAlias alias(String name, Members members, @Nullable FunctionAlias before) {
        return FunctionAlias.of(
                name,
                before == null
                        ? members.required("FunctionVersion")
                        : members.text("FunctionVersion", before.version()),
                members.text("Description", before == null ? "" : before.description()));
    }

    private AwsResponse put(int status, String function, FunctionAlias alias) {
        FunctionRef version = new FunctionRef(function, alias.version());
        if (!alias.version().equals(FunctionDetails.LATEST)
                && !alias.version().chars().allMatch(Character::isDigit)) {
            throw LambdaRefusal.constraint(
                    "functionVersion", alias.version(), "satisfy regular expression pattern: (\\$LATEST|[0-9]+)");
        }
        FunctionOperations.require(functions, version);
        functions.versions().put(function, alias);
        return Answers.json(status, FunctionJson.of(function, alias));
    }

    private AwsResponse listAliases(Call call) {
        String function = name(require(call));
        String version = call.head().parameter("FunctionVersion");
        List<FunctionAlias> aliases = functions.versions().aliases(function).stream()
                .filter(alias -> version == null || alias.version().equals(version))
                .toList();
        return Answers.json(
                200,
                Page.of(
                        call,
                        MAX_PAGE,
                        "Aliases",
                        aliases,
                        FunctionAlias::name,
                        alias -> FunctionJson.of(function, alias)));
    }

    private AwsResponse getAlias(Call call) {
        String function = name(require(call));
        return Answers.json(200, FunctionJson.of(function, requireAlias(function, call)));
    }

    private FunctionAlias requireAlias(String function, Call call) {
        String name = call.places().get(1);
        return functions
                .versions()
                .alias(function, name)
                .orElseThrow(() -> LambdaRefusal.notFound("Cannot find alias arn: " + FunctionRef.arn(function, name)));
    }

    private AwsResponse updateAlias(Call call) {
        try (RequestBody body = new RequestBody(call.body())) {
            return functions.inOneChange(() -> updateAlias(call, body.members()));
        }
    }

    private AwsResponse updateAlias(Call call, Members members) {
        String function = name(require(call));
        FunctionAlias before = requireAlias(function, call);
        UnsupportedMembers.refuse(members);
        FunctionRequest.requireRevision(members, before.revisionId());
        return put(200, function, alias(before.name(), members, before));
    }

    private AwsResponse deleteAlias(Call call) {
        functions.versions().deleteAlias(name(require(call)), call.places().get(1));
        return Answers.nothing(204);
    }
}
