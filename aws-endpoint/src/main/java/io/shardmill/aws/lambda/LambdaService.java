package io.shardmill.aws.lambda;

import io.shardmill.aws.http.AwsRequest;
import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.http.AwsService;
import io.shardmill.aws.http.Refusal;
import io.shardmill.aws.http.RequestHead;
import io.shardmill.lambda.DeploymentException;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.poller.control.LambdaMappings;
import io.shardmill.poller.mapping.LambdaErrorException;
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

    private final List<Route> routes = new ArrayList<>();
    private final AsynchronousInvocations asynchronous;

    private record Found(Route route, List<String> places) {}

    public LambdaService(LambdaMappings mappings, DeployedFunctions functions) {
        asynchronous = new AsynchronousInvocations(functions);
        InvokeOperation invoke = new InvokeOperation(functions, asynchronous);
        routes.add(Route.of("POST functions/*/invocations", InvokeOperation.MAX_BYTES, invoke::run));
        routes.addAll(new MappingOperations(mappings).routes(MAX_BODY_BYTES));
        routes.addAll(new FunctionOperations(functions).routes(MAX_BODY_BYTES));
        routes.addAll(new VersionOperations(functions).routes(MAX_BODY_BYTES));
        routes.addAll(new SettingOperations(functions).routes(MAX_BODY_BYTES));
    }

    @Override
    public String signingName() {
        return "lambda";
    }

    @Override
    public boolean serves(RequestHead head) {
        return PATH.matcher(head.path()).matches();
    }

    @Override
    public int maxBodyBytes(RequestHead head) {
        try {
            Found found = find(head);
            int most = found == null ? MAX_BODY_BYTES : found.route().maxBodyBytes();
            return most == InvokeOperation.MAX_BYTES ? InvokeOperation.maxBytes(head) : most;
        } catch (LambdaRefusal malformed) {
            return MAX_BODY_BYTES;
        }
    }

    private @Nullable Found find(RequestHead head) {
        for (Route route : routes) {
            List<String> places = route.places(head);
            if (places != null) {
                return new Found(route, places);
            }
        }
        return null;
    }

    @Override
    public AwsResponse answer(AwsRequest request) {
        RequestHead head = request.head();
        try {
            Found found = find(head);
            if (found == null) {
                return Answers.error(
                        404,
                        "UnknownOperationException",
                        "There is no operation " + head.method() + " " + head.path() + " here",
                        null);
            }
            return found.route().operation().run(new Call(head, request.body(), found.places()));
        } catch (LambdaRefusal refused) {
            return Answers.refusal(refused);
        } catch (LambdaErrorException refused) {
            return refusal(refused);
        } catch (DeploymentException refused) {
            return Answers.refusal(refusal(refused));
        } catch (IllegalArgumentException broken) {
            return Answers.refusal(LambdaRefusal.invalid(String.valueOf(broken.getMessage())));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Answers.refusal(LambdaRefusal.service("The service is being stopped"));
        } catch (RuntimeException failed) {
            LOG.error("{} {} failed", head.method(), head.path(), failed);
            return Answers.refusal(LambdaRefusal.service("An error occurred and the request cannot be processed."));
        }
    }

    private static AwsResponse refusal(LambdaErrorException refused) {
        if (refused.error() == LambdaErrorException.LambdaError.ServiceException) {
            LOG.error("A request on an event source mapping failed", refused);
        }
        return Answers.error(
                refused.error().status(), refused.error().name(), String.valueOf(refused.getMessage()), null);
    }

    private static LambdaRefusal refusal(DeploymentException refused) {
        String message = String.valueOf(refused.getMessage());
        return switch (refused.kind()) {
            case INVALID -> LambdaRefusal.invalid(message);
            case MISSING -> LambdaRefusal.notFound(message);
            case CONFLICT -> LambdaRefusal.conflict(message);
        };
    }

    @Override
    public AwsResponse.Whole refuse(RequestHead head, Refusal refusal) {
        String code = refusal.status() == 413 ? LambdaRefusal.TOO_LARGE : refusal.code();
        return Answers.error(refusal.status(), code, refusal.message(), null);
    }

    /** Asynchronous invocations that have not begun are forgotten. */
    @Override
    public void close() {
        asynchronous.close();
    }
}
