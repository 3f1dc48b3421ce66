package io.shardmill.aws.kinesis;

import io.shardmill.aws.http.AwsRequest;
import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.http.AwsService;
import io.shardmill.aws.http.RequestHead;
import io.shardmill.aws.protocol.AwsError;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

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
    public boolean serves(RequestHead head) {
        return service.serves(head);
    }

    @Override
    public int maxBodyBytes(RequestHead head) {
        return service.maxBodyBytes(head);
    }

    @Override
    public AwsResponse answer(AwsRequest request) {
        contentTypes.add(String.valueOf(request.head().header("Content-Type")));
        return service.answer(request);
    }

    @Override
    public AwsResponse.Whole refuse(RequestHead head, AwsError refusal) {
        return service.refuse(head, refusal);
    }
}
