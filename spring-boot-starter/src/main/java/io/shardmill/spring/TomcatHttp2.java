package io.shardmill.spring;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/** HTTP/2 beside HTTP/1.1, in each of the ways in which AWS's clients begin it. */
final class TomcatHttp2 implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {

    @Override
    public void customize(ConfigurableTomcatWebServerFactory factory) {
        factory.addConnectorCustomizers(connector -> connector.addUpgradeProtocol(
                new PriorKnowledge(Runtime.getRuntime().maxMemory())));
    }

    /**
     * Over TLS, too: AWS's clients don't negotiate. Those that do are served as well. An {@code Upgrade} of a request
     * over HTTP/1.1 stays without effect, as it is without this: Tomcat bounds the body of such a request.
     *
     * <p>Tomcat has two buffers of a window's size for each request that has a body, and nothing that bounds them all.
     * So connections are closed that would be one too many: clients have many requests on one.
     */
    private static final class PriorKnowledge extends Http2Protocol {

        private static final int WINDOW = 32 << 10;
        private static final int REQUESTS = 20;

        /** What a connection takes of the heap with so many requests: their buffers, and as much again for all else. */
        private static final long CONNECTION_BYTES = REQUESTS * 4L * WINDOW;

        private final Set<SocketWrapperBase<?>> open = ConcurrentHashMap.newKeySet();
        private final long most;

        PriorKnowledge(long heap) {
            this.most = Math.max(4, heap / 8 / CONNECTION_BYTES);
            setInitialWindowSize(WINDOW);
            setMaxConcurrentStreams(REQUESTS);
        }

        @Override
        public Processor getProcessor(SocketWrapperBase<?> connection, Adapter adapter) {
            open.removeIf(SocketWrapperBase::isClosed);
            if (open.size() < most) {
                open.add(connection);
            } else {
                connection.close();
            }
            return super.getProcessor(connection, adapter);
        }

        @Override
        public String getHttpUpgradeName(boolean isSSLEnabled) {
            return "h2c";
        }

        @Override
        public boolean accept(Request upgrade) {
            return false;
        }
    }
}
