package io.shardmill.server;

import java.util.Arrays;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;

/**
 * Limits the connections of the connectors that are used in the end: Spring Boot limits those that it replaces by others
 * for TLS. Runs last of all customizers, to see the configured limit.
 */
@Component
final class JettyConnections implements WebServerFactoryCustomizer<JettyServletWebServerFactory>, Ordered {

    /** Connections that wait in the kernel while as many are open as may be. */
    private static final int BACKLOG = 1_000;

    @Override
    public void customize(JettyServletWebServerFactory factory) {
        int most = factory.getMaxConnections();
        factory.setMaxConnections(-1);
        factory.addServerCustomizers(server -> limit(server, most));
    }

    private static void limit(Server server, int most) {
        if (most >= 0) {
            server.addBean(new NetworkConnectionLimit(most, server.getConnectors()));
        }
        Arrays.stream(server.getConnectors())
                .filter(ServerConnector.class::isInstance)
                .map(ServerConnector.class::cast)
                .forEach(connector -> connector.setAcceptQueueSize(BACKLOG));
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
