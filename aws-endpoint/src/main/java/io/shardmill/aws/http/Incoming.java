package io.shardmill.aws.http;

import io.shardmill.aws.protocol.AwsError;
import org.jspecify.annotations.Nullable;

/** A request for a service, from its head to its answer. For one thread at a time. */
final class Incoming {

    private final AwsService service;
    private final RequestHead head;
    private final Body body;
    private @Nullable AwsError refusal;

    Incoming(AwsService service, RequestHead head, Body body) {
        this.service = service;
        this.head = head;
        this.body = body;
    }

    AwsService service() {
        return service;
    }

    RequestHead head() {
        return head;
    }

    Body body() {
        return body;
    }

    /** The first refusal is the one that counts; the body takes no memory from now on. */
    void refuse(AwsError why) {
        if (refusal == null) {
            refusal = why;
        }
        body.close();
    }

    @Nullable
    AwsError refusal() {
        return refusal;
    }
}
