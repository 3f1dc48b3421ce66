package io.shardmill.aws.http;

import io.shardmill.aws.protocol.AwsError;
import org.jspecify.annotations.Nullable;

/** One of AWS's services as its clients speak to it. Thread-safe. */
public interface AwsService {

    /** As requests for it are signed, such as {@code kinesis}. */
    String signingName();

    /** Returns what answers a request with this head; null if that is not for this service. */
    @Nullable
    Route route(RequestHead head);

    /** A refusal in this service's protocol. */
    AwsResponse.Whole refuse(RequestHead head, AwsError refusal);

    /** Answers requests with one head, by an operation if there is one that they mean. */
    interface Route {

        /** The longest body, in bytes, that the request may have. */
        int maxBodyBytes();

        /** May block for as long as the answer takes. Whatever a client does wrong is an answer. */
        AwsResponse answer(AwsRequest request);
    }
}
