package io.shardmill.aws.http;

import io.shardmill.aws.protocol.AwsError;

/** One of AWS's services as its clients speak to it. Thread-safe. */
public interface AwsService {

    /** As requests for it are signed, such as {@code kinesis}. */
    String signingName();

    /** Whether a request is for this service; its head says so. */
    boolean serves(RequestHead head);

    /** The longest body, in bytes, that a request with this head may have. */
    int maxBodyBytes(RequestHead head);

    /** May block for as long as the answer takes. Whatever a client does wrong is an answer. */
    AwsResponse answer(AwsRequest request);

    /** A refusal in this service's protocol. */
    AwsResponse.Whole refuse(RequestHead head, AwsError refusal);
}
