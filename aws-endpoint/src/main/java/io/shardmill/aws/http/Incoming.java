package io.shardmill.aws.http;

import io.shardmill.aws.protocol.AwsError;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request for a service, from its head to its answer. For one thread at a time. */
final class Incoming {

    private final AwsService service;
    private final AwsService.Route route;
    private final RequestHead head;
    private final Body body;
    private Consumer<AwsRequest> verification = request -> {};
    private @Nullable AwsError refusal;

    Incoming(AwsService service, AwsService.Route route, RequestHead head, Body body) {
        this.service = service;
        this.route = route;
        this.head = head;
        this.body = body;
    }

    AwsService service() {
        return service;
    }

    AwsService.Route route() {
        return route;
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

    /** @param left what has to be checked with the body */
    void admit(Consumer<AwsRequest> left) {
        verification = left;
    }

    /**
     * Checks what was left when the request was admitted.
     *
     * @throws io.shardmill.aws.protocol.AwsException if the request is refused
     */
    void verify(AwsRequest request) {
        verification.accept(request);
    }

    @Nullable
    AwsError refusal() {
        return refusal;
    }
}
