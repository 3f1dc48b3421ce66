package io.shardmill.aws.lambda;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Members;
import io.shardmill.runtime.arn.AwsScope;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which function a request means: by a name, a partial ARN or a whole one, with or without a qualifier. */
final class FunctionNames {

    private static final Pattern REFERENCE =
            Pattern.compile("(?:arn:[^:]*:lambda:(?<region>[^:]*):)?(?:(?<account>[0-9]{12}):)?"
                    + "(?:function:)?(?<name>[a-zA-Z0-9_-]+)(?::(?<qualifier>\\$LATEST|[a-zA-Z0-9_-]+))?");
    private static final int MAX_NAME = 64;

    private final AwsScope scope;

    FunctionNames(AwsScope scope) {
        this.scope = scope;
    }

    AwsScope scope() {
        return scope;
    }

    /**
     * Returns the function that a request's {@code FunctionName} and {@code Qualifier} mean together.
     *
     * @throws AwsException if they contradict each other, or the function is in another region or account
     */
    FunctionRef of(Members request) {
        FunctionRef function = parse(request.require(FunctionMembers.FUNCTION_NAME));
        String qualifier = request.get(FunctionMembers.QUALIFIER);
        if (function.qualifier() != null
                && qualifier != null
                && !function.qualifier().equals(qualifier)) {
            throw LambdaErrors.invalid(
                    "The derived qualifier from the function name does not match the specified qualifier.");
        }
        return function.qualifier() == null ? function.with(qualifier) : function;
    }

    /** Returns the function that a text names; a name that Lambda would not allow is taken as it is. */
    FunctionRef parse(String reference) {
        Matcher parts = REFERENCE.matcher(reference);
        if (!parts.matches()) {
            return new FunctionRef(reference, null);
        }
        requireHere(parts.group("region"), parts.group("account"));
        String name = parts.group("name");
        if (name.length() > MAX_NAME) {
            throw LambdaErrors.invalid("1 validation error detected: Value '" + name
                    + "' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to "
                    + MAX_NAME);
        }
        return new FunctionRef(name, parts.group("qualifier"));
    }

    private void requireHere(@Nullable String region, @Nullable String account) {
        if (region != null && !region.equals(scope.region())) {
            throw LambdaErrors.notFound(
                    "Functions from '" + region + "' are not reachable in this region ('" + scope.region() + "')");
        }
        if (account != null && !account.equals(scope.accountId())) {
            throw new AwsException(
                    403,
                    "AccessDeniedException",
                    "Functions of account " + account + " are not accessible from account " + scope.accountId());
        }
    }

    /** Returns a function's ARN, with the qualifier exactly as it is given. */
    String arn(String name, @Nullable String qualifier) {
        return scope.functionArn(qualifier == null ? name : name + ":" + qualifier);
    }

    String arn(FunctionRef function) {
        return arn(function.name(), function.qualifier());
    }

    AwsException notFound(FunctionRef function) {
        return LambdaErrors.notFound("Function not found: " + arn(function));
    }
}
