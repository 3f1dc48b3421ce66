package io.shardmill.aws.http;

import io.shardmill.aws.protocol.AwsException;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Keeps from everything else an application serves what {@link AwsEndpoint} keeps from AWS's interfaces: requests of other
 * sites' pages, and those by a name that was bound to this machine's address. They are answered with status 403 and why.
 * Thread-safe.
 */
public final class CrossSiteFilter implements Filter {

    private final CrossSiteGuard guard;

    public CrossSiteFilter(EndpointSettings settings) {
        this.guard = CrossSiteGuard.ofTheRest(settings);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            guard.check(RequestHeads.withoutQuery((HttpServletRequest) request), request.getScheme());
        } catch (AwsException refused) {
            HttpServletResponse refusal = (HttpServletResponse) response;
            refusal.setStatus(refused.error().status());
            refusal.setContentType("text/plain;charset=UTF-8");
            refusal.getOutputStream().write(refused.error().message().getBytes(StandardCharsets.UTF_8));
            return;
        }
        chain.doFilter(request, response);
    }
}
