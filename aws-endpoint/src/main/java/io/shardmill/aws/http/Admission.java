package io.shardmill.aws.http;

import org.jspecify.annotations.Nullable;

/** Who may ask. Thread-safe. */
final class Admission {

    private final CrossSiteGuard guard;
    private final @Nullable SignatureCheck signatures;

    Admission(EndpointSettings settings) {
        EndpointCredentials credentials = settings.credentials();
        this.guard = CrossSiteGuard.ofServices(settings);
        this.signatures = credentials == null ? null : new SignatureCheck(credentials, settings.clock());
    }

    /** Before the body is read. */
    void check(AwsService service, RequestHead head, String scheme) throws RefusedException {
        guard.check(head, scheme);
        if (signatures != null) {
            signatures.check(service, head);
        }
    }

    /** After {@link #check(AwsService, RequestHead, String)}, with the body. */
    void check(AwsRequest request) throws RefusedException {
        if (signatures != null) {
            signatures.check(request);
        }
    }
}
