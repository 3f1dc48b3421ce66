package io.shardmill.aws.http;

import io.shardmill.aws.protocol.AwsException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps out what a page in somebody's browser sends: a request from another site names it in {@code Origin} or
 * {@code Sec-Fetch-Site}, and one by a name that was bound to this machine's address names that in {@code Host}.
 * Thread-safe.
 */
final class CrossSiteGuard {

    /** Loopback's names and plain addresses: no name server is asked for them, so none can be bound to another address. */
    private static final Pattern UNBINDABLE =
            Pattern.compile("(?:[a-z0-9-]+\\.)*localhost\\.?|[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+]");

    private static final Pattern PORT = Pattern.compile(":[0-9]*$");
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    private final Set<String> allowedHosts;
    private final boolean anyHost;

    private CrossSiteGuard(Set<String> allowedHosts, boolean anyHost) {
        this.allowedHosts = allowedHosts;
        this.anyHost = anyHost;
    }

    /** For requests to AWS's services: of those that have to be signed, {@code Host} is proved otherwise. */
    static CrossSiteGuard ofServices(EndpointSettings settings) {
        return new CrossSiteGuard(settings.allowedHosts(), settings.credentials() != null);
    }

    /** For all others, which are never signed. */
    static CrossSiteGuard ofTheRest(EndpointSettings settings) {
        return new CrossSiteGuard(settings.allowedHosts(), false);
    }

    /** @param scheme {@code http} or {@code https}, as the request came */
    void check(RequestHead head, String scheme) {
        String host = head.header("host");
        checkHost(host);
        String origin = head.header("origin");
        if (origin != null && !origin.equalsIgnoreCase(scheme + "://" + host)) {
            throw refused("Requests of pages of " + origin + " are not served, only those of " + scheme + "://" + host);
        }
        String site = head.header("sec-fetch-site");
        if (site != null && !OWN_SITE.contains(site)) {
            throw refused("Requests of other sites' pages are not served (Sec-Fetch-Site: " + site + ")");
        }
    }

    private void checkHost(@Nullable String host) {
        if (anyHost) {
            return;
        }
        if (host == null) {
            throw refused("Requests without a Host are not served");
        }
        String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
        if (!UNBINDABLE.matcher(name).matches() && !allowedHosts.contains(name)) {
            throw refused("Requests to " + host + " are not served: add " + name
                    + " to shardmill.aws-endpoint.allowed-hosts, or have requests signed with"
                    + " shardmill.aws-endpoint.access-key-id");
        }
    }

    private static AwsException refused(String message) {
        return new AwsException(403, "AccessDeniedException", message);
    }
}
