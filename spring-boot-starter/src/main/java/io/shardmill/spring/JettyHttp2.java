package io.shardmill.spring;

import java.util.Arrays;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Serves HTTP/2 beside HTTP/1.1 in each way in which AWS's clients begin it: with prior knowledge in plain text, by ALPN
 * over TLS (JavaScript), and with prior knowledge over TLS, without ALPN (Java).
 */
final class JettyHttp2 implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

    /** Bytes a connection may send ahead of what is read; Jetty's own megabyte is too much for thousands of connections. */
    private static final int WINDOW = 64 << 10;

    /** Requests at once on a connection: each takes some kilobytes of heap before any of its body has arrived. */
    private static final int REQUESTS = 20;

    @Override
    public void customize(ConfigurableJettyWebServerFactory factory) {
        Http2 http2 = new Http2();
        http2.setEnabled(true);
        factory.setHttp2(http2);
        factory.addServerCustomizers(JettyHttp2::customize);
    }

    private static void customize(Server server) {
        Arrays.stream(server.getConnectors())
                .filter(AbstractConnector.class::isInstance)
                .map(AbstractConnector.class::cast)
                .forEach(JettyHttp2::customize);
    }

    private static void customize(AbstractConnector connector) {
        HttpConnectionFactory http1 = connector.getConnectionFactory(HttpConnectionFactory.class);
        if (http1 != null && connector.getConnectionFactory(HTTP2CServerConnectionFactory.class) == null) {
            // Over TLS: a connection without ALPN is taken for HTTP/1.1, and goes over to HTTP/2 at its preface.
            connector.addConnectionFactory(new HTTP2CServerConnectionFactory(http1.getHttpConfiguration()));
        }
        connector.getConnectionFactories().stream()
                .filter(AbstractHTTP2ServerConnectionFactory.class::isInstance)
                .map(AbstractHTTP2ServerConnectionFactory.class::cast)
                .forEach(JettyHttp2::limit);
    }

    private static void limit(AbstractHTTP2ServerConnectionFactory http2) {
        http2.setMaxConcurrentStreams(REQUESTS);
        http2.setInitialSessionRecvWindow(WINDOW);
        http2.setInitialStreamRecvWindow(WINDOW);
    }
}
