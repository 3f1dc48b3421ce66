package io.shardmill.spring;

import io.shardmill.aws.http.AwsService;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Logs once where AWS's interfaces are served, as {@code AWS_ENDPOINT_URL} takes it, to whom, and if it is without HTTP/2.
 * Runs last of all customizers, to see what the others decided.
 */
final class AwsEndpointAnnouncement
        implements WebServerFactoryCustomizer<AbstractConfigurableWebServerFactory>,
                ApplicationListener<WebServerInitializedEvent>,
                Ordered {

    private static final Logger LOG = LoggerFactory.getLogger(AwsEndpointAnnouncement.class);

    private static final String HTTP_1_ONLY =
            "; HTTP/1.1 only: SubscribeToShard and some clients need HTTP/2. Replace spring-boot-starter-tomcat with"
                    + " spring-boot-starter-jetty, jetty-http2-server and jetty-alpn-java-server";

    private final ObjectProvider<AwsService> services;
    private final AwsEndpointProperties properties;
    private final String contextPath;
    private volatile String scheme = "http";
    private volatile @Nullable InetAddress address;
    private volatile boolean http2;

    AwsEndpointAnnouncement(ObjectProvider<AwsService> services, AwsEndpointProperties properties, String contextPath) {
        this.services = services;
        this.properties = properties;
        this.contextPath = contextPath;
    }

    @Override
    public void customize(AbstractConfigurableWebServerFactory server) {
        scheme = Ssl.isEnabled(server.getSsl()) ? "https" : "http";
        address = server.getAddress();
        Http2 configured = server.getHttp2();
        http2 = configured != null && configured.isEnabled();
    }

    @Override
    public void onApplicationEvent(WebServerInitializedEvent started) {
        boolean management = started.getApplicationContext().getServerNamespace() != null;
        String names =
                services.orderedStream().map(AwsService::signingName).sorted().collect(Collectors.joining(", "));
        if (!management && !names.isEmpty()) {
            LOG.info(
                    "AWS's interfaces ({}) are served on {}://{}:{}{}; requests {}{}",
                    names,
                    scheme,
                    host(address),
                    started.getWebServer().getPort(),
                    contextPath,
                    properties.accessKeyId() == null ? "need no signature" : "have to be signed",
                    http2 ? "" : HTTP_1_ONLY);
        }
    }

    /** One at which this machine reaches it. */
    private static String host(@Nullable InetAddress address) {
        if (address == null || address.isAnyLocalAddress()) {
            return "127.0.0.1";
        }
        String text = address.getHostAddress();
        return address instanceof Inet6Address ? "[" + text + "]" : text;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
