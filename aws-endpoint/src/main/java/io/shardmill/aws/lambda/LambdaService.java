package io.shardmill.aws.lambda;

import io.shardmill.aws.http.AwsRequest;
import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.http.AwsService;
import io.shardmill.aws.http.RequestHead;
import io.shardmill.aws.protocol.AwsError;
import io.shardmill.aws.protocol.Members;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.poller.control.Mappings;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lambda's API for event source mappings and for functions that are deployed here (spec 10.1 and 10.2). The date of an API's
 * version at the beginning of a path may be any, and a slash at its end makes no difference. Thread-safe.
 */
public final class LambdaService implements AwsService, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LambdaService.class);

    private static final Pattern PATH = Pattern.compile("/20[0-9]{2}-[0-9]{2}-[0-9]{2}/(functions"
            + "|event-source-mappings|tags|layers|layers-by-arn|account-settings|code-signing-configs)(/.*)?");

    private static final int MAX_BODY_BYTES = 1 << 20;

    private static final Route NO_OPERATION = new Route() {
        @Override
        public int maxBodyBytes() {
            return MAX_BODY_BYTES;
        }

        @Override
        public AwsResponse answer(AwsRequest request) {
            RequestHead head = request.head();
            return LambdaResponses.error(new AwsError(
                    404, "UnknownOperationException", "There is no operation " + head.method() + " " + head.path()));
        }
    };

    private final List<LambdaOperation> operations = new ArrayList<>();
    private final AsynchronousInvocations asynchronous;

    public LambdaService(Mappings mappings, DeployedFunctions functions, LambdaSettings settings) {
        FunctionNames names = new FunctionNames(settings.scope());
        FunctionOperations all = new FunctionOperations(functions, names, settings.unsupported());
        MappingOperations mapped = new MappingOperations(mappings, names, settings);
        asynchronous = new AsynchronousInvocations(functions);
        operations.add(new InvokeOperation(functions, names, asynchronous).operation());
        operations.addAll(mapped.operations());
        operations.addAll(all.operations());
        operations.addAll(new VersionOperations(functions, all, names).operations());
        operations.addAll(new SettingOperations(functions, all, names).operations());
        operations.addAll(new TagOperations(functions, all, mapped, names).operations());
        SoleServer sole = new SoleServer(mappings, functions);
        operations.replaceAll(operation -> sole.guard(operation, names));
    }

    @Override
    public String signingName() {
        return "lambda";
    }

    @Override
    public @Nullable Route route(RequestHead head) {
        if (!PATH.matcher(head.path()).matches()) {
            return null;
        }
        List<String> segments = LambdaOperation.segments(head);
        return operations.stream()
                .filter(operation -> operation.matches(head, segments))
                .findFirst()
                .<Route>map(operation -> new OperationRoute(operation, head, segments))
                .orElse(NO_OPERATION);
    }

    /** @param segments of the head's path */
    private record OperationRoute(LambdaOperation operation, RequestHead head, List<String> segments) implements Route {

        @Override
        public int maxBodyBytes() {
            return operation.maxBody().applyAsInt(head);
        }

        @Override
        public AwsResponse answer(AwsRequest request) {
            try (Members members = operation.read(head, segments, request.body())) {
                return operation.operation().action().run(new Call(head, members, request.body()));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return LambdaResponses.error(
                        LambdaErrors.service("The service is being stopped").error());
            } catch (RuntimeException failure) {
                AwsError error = LambdaErrors.of(failure);
                if (error.status() >= 500) {
                    LOG.error("{} failed", operation.operation().name(), failure);
                }
                return LambdaResponses.error(error);
            }
        }
    }

    @Override
    public AwsResponse.Whole refuse(RequestHead head, AwsError error) {
        String code = error.status() == 413 ? LambdaErrors.TOO_LARGE : error.code();
        return LambdaResponses.error(new AwsError(error.status(), code, error.message()));
    }

    /** Asynchronous invocations that have not begun are forgotten. */
    @Override
    public void close() {
        asynchronous.close();
    }
}
