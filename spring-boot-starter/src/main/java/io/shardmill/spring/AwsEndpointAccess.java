package io.shardmill.spring;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;

/**
 * Whoever speaks to the AWS endpoint can run code: an application that listens beyond loopback doesn't start unless
 * requests are signed, or it is said that anyone may. Last of all customizers, to see what the others decided.
 */
final class AwsEndpointAccess implements WebServerFactoryCustomizer<AbstractConfigurableWebServerFactory>, Ordered {

    private final AwsEndpointProperties properties;
    private final ApplicationContext application;

    AwsEndpointAccess(AwsEndpointProperties properties, ApplicationContext application) {
        this.properties = properties;
        this.application = application;
    }

    /** @throws ShardmillConfigurationException if strangers could ask unsigned */
    @Override
    public void customize(AbstractConfigurableWebServerFactory server) {
        if (!(application instanceof WebServerApplicationContext)) {
            return; // a test's, with a mock of the web: nobody listens
        }
        InetAddress address = server.getAddress();
        if (properties.accessKeyId() == null && !properties.allowAnyone() && !isLoopback(address)) {
            throw new ShardmillConfigurationException(
                    "server.address",
                    (address == null ? "not set" : address.getHostAddress())
                            + ", so others than this machine could put records and run code through the AWS endpoint,"
                            + " whose requests need no signature. Set server.address to 127.0.0.1; or"
                            + " shardmill.aws-endpoint.access-key-id and shardmill.aws-endpoint.secret-access-key; or, if"
                            + " anyone may, shardmill.aws-endpoint.allow-anyone to true; or"
                            + " shardmill.aws-endpoint.enabled to false");
        }
    }

    private static boolean isLoopback(@Nullable InetAddress address) {
        return address != null && address.isLoopbackAddress();
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
