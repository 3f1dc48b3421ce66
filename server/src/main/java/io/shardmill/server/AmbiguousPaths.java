package io.shardmill.server;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Answers paths that two readers could take for different ones, such as those with {@code ;}, {@code //} or {@code %2F},
 * with 404. Jetty would refuse them before any filter sees them, AWS's interfaces among these, which refuse in their own
 * words.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 102) // behind AWS's interfaces
final class AmbiguousPaths extends HttpFilter implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

    private static final long serialVersionUID = 1;

    @Override
    public void customize(ConfigurableJettyWebServerFactory factory) {
        factory.addServerCustomizers(AmbiguousPaths::passToFilters);
    }

    private static void passToFilters(Server server) {
        Arrays.stream(server.getConnectors())
                .flatMap(connector -> connector.getConnectionFactories().stream())
                .filter(ConnectionFactory.class::isInstance)
                .map(factory -> ((ConnectionFactory) factory).getHttpConfiguration())
                .forEach(http -> http.setUriCompliance(UriCompliance.UNSAFE));
        server.getDescendants(WebAppContext.class)
                .forEach(context -> context.getServletHandler().setDecodeAmbiguousURIs(true));
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpURI uri = ServletContextRequest.getServletContextRequest(request).getHttpURI();
        if (uri.hasViolations() || uri.getPath().indexOf(';') >= 0) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else {
            chain.doFilter(request, response);
        }
    }
}
