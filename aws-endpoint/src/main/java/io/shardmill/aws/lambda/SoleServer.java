package io.shardmill.aws.lambda;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Members;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.poller.assignment.ReplicaGroup;
import io.shardmill.poller.assignment.ReplicaStatus.Member;
import io.shardmill.poller.control.Mappings;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Refuses to make or change functions, and to map those that were made here, while other processes share this one's shards. Code
 * that is uploaded is in this process's data folder: another process that is given a shard has no function to invoke, or an older
 * one. A process that is the only one may change its functions whatever its database is: one server with its checkpoints in
 * PostgreSQL loses nothing. Functions may be deleted at any time.
 */
record SoleServer(Mappings mappings, DeployedFunctions functions) {

    private static final Set<String> FUNCTION_CHANGES = Set.of(
            "CreateFunction",
            "UpdateFunctionCode",
            "UpdateFunctionConfiguration",
            "PublishVersion",
            "CreateAlias",
            "UpdateAlias",
            "PutFunctionConcurrency",
            "DeleteFunctionConcurrency");
    private static final Set<String> MAPPING_CHANGES = Set.of("CreateEventSourceMapping", "UpdateEventSourceMapping");

    /** Returns the operation, which is refused first if other processes would not know of its result. */
    LambdaOperation guard(LambdaOperation operation, FunctionNames names) {
        String name = operation.operation().name();
        if (FUNCTION_CHANGES.contains(name)) {
            return operation.after(call -> requireSole());
        }
        return MAPPING_CHANGES.contains(name)
                ? operation.after(call -> requireMappable(call.request(), names))
                : operation;
    }

    /** A function of the application, or one that it configures, is the same in all its processes. */
    private void requireMappable(Members request, FunctionNames names) {
        String reference = request.get(FunctionMembers.FUNCTION_NAME);
        if (reference != null) {
            FunctionRef function = names.parse(reference);
            functions
                    .describe(function.name(), function.qualifier())
                    .filter(deployed -> deployed.origin() == null)
                    .ifPresent(deployed -> requireSole());
        }
    }

    /** @throws AwsException if other processes live */
    private void requireSole() {
        List<Member> others = mappings.replicas()
                .map(ReplicaGroup::status)
                .map(status -> status.others())
                .orElse(List.of());
        if (!others.isEmpty()) {
            throw LambdaErrors.invalid(
                    "Functions that are created over this interface are in the data folder of one server, and "
                            + others.stream().map(Member::id).collect(Collectors.joining(", "))
                            + (others.size() == 1 ? " shares" : " share")
                            + " its mappings through one database. Configure the function under shardmill.functions in the"
                            + " application.yml of every replica, or stop the other servers");
        }
    }
}
