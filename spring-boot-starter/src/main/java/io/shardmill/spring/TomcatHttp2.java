package io.shardmill.spring;

import org.apache.coyote.Request;
import org.apache.coyote.http2.Http2Protocol;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/** HTTP/2 beside HTTP/1.1, in each of the ways in which AWS's clients begin it. */
final class TomcatHttp2 implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {

    @Override
    public void customize(ConfigurableTomcatWebServerFactory factory) {
        factory.addConnectorCustomizers(connector -> connector.addUpgradeProtocol(new PriorKnowledge()));
    }

    /**
     * Over TLS, too: AWS's clients don't negotiate. Those that do are served as well. An {@code Upgrade} of a request
     * over HTTP/1.1 stays without effect, as it is without this: Tomcat bounds the body of such a request.
     */
    private static final class PriorKnowledge extends Http2Protocol {

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
