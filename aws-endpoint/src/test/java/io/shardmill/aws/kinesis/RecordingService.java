package io.shardmill.aws.kinesis;

import io.shardmill.aws.http.AwsRequest;
import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.http.AwsService;
import io.shardmill.aws.http.RequestHead;
import io.shardmill.aws.protocol.AwsError;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/** A service, and what was seen of its requests. */
record RecordingService(AwsService service, Set<String> contentTypes) implements AwsService {

    RecordingService(AwsService service) {
        this(service, new ConcurrentSkipListSet<>());
    }

    @Override
    public String signingName() {
        return service.signingName();
    }

    @Override
    public @Nullable Route route(RequestHead head) {
        Route route = service.route(head);
        return route == null ? null : new Recorded(route, contentTypes);
    }

    private record Recorded(Route route, Set<String> contentTypes) implements Route {

        @Override
        public int maxBodyBytes() {
            return route.maxBodyBytes();
        }

        @Override
        public AwsResponse answer(AwsRequest request) {
            contentTypes.add(String.valueOf(request.head().header("Content-Type")));
            return route.answer(request);
        }
    }

    @Override
    public AwsResponse.Whole refuse(RequestHead head, AwsError refusal) {
        return service.refuse(head, refusal);
    }
}
