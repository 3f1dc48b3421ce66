package io.shardmill.aws.http;

import io.shardmill.aws.protocol.AwsException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Decides who may ask. Thread-safe. */
final class Admission {

    /** Headers that decide what a request means: of two, a proxy might take one and this endpoint the other. */
    private static final List<String> SINGLE = List.of(
            "authorization",
            "content-type",
            "date",
            "host",
            "origin",
            "sec-fetch-site",
            "x-amz-content-sha256",
            "x-amz-date",
            "x-amz-target");

    private final CrossSiteGuard guard;
    private final @Nullable SignatureCheck signatures;

    Admission(EndpointSettings settings) {
        EndpointCredentials credentials = settings.credentials();
        this.guard = CrossSiteGuard.ofServices(settings);
        this.signatures = credentials == null ? null : new SignatureCheck(credentials, settings.clock());
    }

    /**
     * Checks a request before its body is read.
     *
     * @return what is left to check with the body
     * @throws AwsException if the request is refused
     */
    Consumer<AwsRequest> check(AwsService service, RequestHead head, String scheme) {
        checkRepeated(head);
        guard.check(head, scheme);
        if (signatures == null) {
            return request -> {};
        }
        SignatureCheck.Claim claim = signatures.check(service, head);
        return request -> signatures.verify(claim, request);
    }

    private static void checkRepeated(RequestHead head) {
        for (String name : SINGLE) {
            if (head.repeats(name)) {
                throw new AwsException(400, "ValidationException", "The header " + name + " is repeated: send it once");
            }
        }
    }
}
