package io.shardmill.aws.lambda;

import static io.shardmill.aws.protocol.Constraint.range;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.lambda.deploy.FunctionDescription;
import io.shardmill.runtime.FunctionSettings;
import java.util.List;
import java.util.Map;

/** Lambda's operations on a function's reserved concurrency, on its code signing, and on the account. */
final class SettingOperations {

    private static final int CONCURRENT_EXECUTIONS = 1_000;

    private static final Member<Integer> RESERVED = Member.integer(
                    "ReservedConcurrentExecutions", range(0, Integer.MAX_VALUE))
            .required();
    private static final Shape FUNCTION = Shape.of(FunctionMembers.FUNCTION_NAME, FunctionMembers.QUALIFIER);
    private static final Shape PUT_CONCURRENCY =
            Shape.of(FunctionMembers.FUNCTION_NAME, FunctionMembers.QUALIFIER, RESERVED);

    private final DeployedFunctions functions;
    private final FunctionOperations operations;
    private final FunctionNames names;

    SettingOperations(DeployedFunctions functions, FunctionOperations operations, FunctionNames names) {
        this.functions = functions;
        this.operations = operations;
        this.names = names;
    }

    List<LambdaOperation> operations() {
        String concurrency = "functions/{FunctionName}/concurrency";
        return List.of(
                LambdaOperation.of("GetFunctionConcurrency", "GET " + concurrency, FUNCTION, this::getConcurrency),
                LambdaOperation.of(
                        "PutFunctionConcurrency", "PUT " + concurrency, PUT_CONCURRENCY, this::putConcurrency),
                LambdaOperation.of(
                        "DeleteFunctionConcurrency", "DELETE " + concurrency, FUNCTION, this::deleteConcurrency),
                LambdaOperation.of(
                        "GetFunctionCodeSigningConfig",
                        "GET functions/{FunctionName}/code-signing-config",
                        FUNCTION,
                        this::getCodeSigning),
                LambdaOperation.of("GetAccountSettings", "GET account-settings", Shape.of(), this::getAccount));
    }

    private FunctionDescription require(Members request) {
        return operations.require(names.of(request).with(null));
    }

    private AwsResponse getConcurrency(Call call) {
        int reserved = require(call.request()).configuration().settings().reservedConcurrency();
        return LambdaResponses.json(
                200, reserved == FunctionSettings.UNLIMITED ? Map.of() : Map.of(RESERVED.name(), reserved));
    }

    private AwsResponse putConcurrency(Call call) {
        int reserved = call.request().require(RESERVED);
        reserve(call.request(), reserved);
        return LambdaResponses.json(200, Map.of(RESERVED.name(), reserved));
    }

    private AwsResponse deleteConcurrency(Call call) {
        reserve(call.request(), FunctionSettings.UNLIMITED);
        return LambdaResponses.nothing(204);
    }

    /** Counts from the next invocation on; running ones finish. */
    private void reserve(Members request, int reserved) {
        if (names.of(request).qualifier() != null) {
            throw LambdaErrors.invalid("This operation is permitted on Lambda functions only. Aliases and versions do"
                    + " not support this operation. Please specify either a function name or an unqualified function"
                    + " ARN.");
        }
        FunctionDescription unused = functions.inOneChange(
                () -> functions.reserve(require(request).configuration().name(), reserved));
    }

    /** The limits are those of an account on Lambda; only reserved concurrency is counted against one. */
    private AwsResponse getAccount(Call call) {
        List<FunctionDescription> all = functions.list();
        int reserved = all.stream()
                .mapToInt(each -> Math.max(0, each.configuration().settings().reservedConcurrency()))
                .sum();
        return LambdaResponses.json(
                200,
                Map.of(
                        "AccountLimit",
                        Map.of(
                                "TotalCodeSize",
                                80_530_636_800L,
                                "CodeSizeUnzipped",
                                262_144_000,
                                "CodeSizeZipped",
                                52_428_800,
                                "ConcurrentExecutions",
                                CONCURRENT_EXECUTIONS,
                                "UnreservedConcurrentExecutions",
                                Math.max(0, CONCURRENT_EXECUTIONS - reserved)),
                        "AccountUsage",
                        Map.of(
                                "FunctionCount",
                                all.size(),
                                "TotalCodeSize",
                                all.stream()
                                        .mapToLong(each -> each.details().code().bytes())
                                        .sum())));
    }

    /** No code is signed; clients such as Terraform ask for it when they describe a function. */
    private AwsResponse getCodeSigning(Call call) {
        return LambdaResponses.json(
                200,
                Map.of(
                        "CodeSigningConfigArn",
                        "",
                        "FunctionName",
                        require(call.request()).configuration().name()));
    }
}
