package io.shardmill.spring;

import io.shardmill.aws.http.AwsEndpoint;
import io.shardmill.aws.http.AwsService;
import io.shardmill.aws.http.CrossSiteFilter;
import io.shardmill.aws.http.EndpointCredentials;
import io.shardmill.aws.http.EndpointSettings;
import io.shardmill.aws.kinesis.KinesisService;
import io.shardmill.aws.kinesis.KinesisSettings;
import io.shardmill.aws.lambda.LambdaService;
import io.shardmill.aws.lambda.LambdaSettings;
import io.shardmill.aws.protocol.UnsupportedSettings;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.poller.control.Mappings;
import io.shardmill.runtime.arn.AwsScope;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.time.Clock;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * Kinesis's and Lambda's HTTP interfaces on the port of a servlet web application with the module
 * {@code shardmill-aws-endpoint}.
 */
@AutoConfiguration(after = ShardmillAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({AwsEndpoint.class, Filter.class, FilterRegistrationBean.class})
@ConditionalOnProperty(name = "shardmill.aws-endpoint.enabled", matchIfMissing = true)
public final class ShardmillAwsEndpointAutoConfiguration {

    private final AwsEndpointProperties properties;
    private final Clock clock;

    ShardmillAwsEndpointAutoConfiguration(ShardmillProperties properties, ObjectProvider<Clock> clock) {
        this.properties = properties.awsEndpoint();
        this.clock = clock.getIfUnique(Clock::systemUTC);
    }

    @Bean
    @ConditionalOnBean(EmbeddedStreams.class)
    @ConditionalOnMissingBean
    KinesisService shardmillKinesisService(EmbeddedStreams streams) {
        return new KinesisService(
                streams,
                new KinesisSettings(clock, properties.throughputLimits(), properties.ownsRoot(), unsupported()));
    }

    private UnsupportedSettings unsupported() {
        return properties.ignoreUnsupportedSettings() ? UnsupportedSettings.IGNORED : UnsupportedSettings.REFUSED;
    }

    @Bean
    @ConditionalOnBean({DeployedFunctions.class, Mappings.class})
    @ConditionalOnMissingBean
    LambdaService shardmillLambdaService(Mappings mappings, DeployedFunctions functions, AwsScope scope) {
        return new LambdaService(mappings, functions, new LambdaSettings(scope, clock, unsupported()));
    }

    @Bean
    @ConditionalOnMissingBean
    AwsEndpoint shardmillAwsEndpoint(ObjectProvider<AwsService> services, Environment environment) {
        return new AwsEndpoint(services.orderedStream().toList(), settings(environment));
    }

    /** @throws ShardmillConfigurationException if a property breaks a rule */
    private EndpointSettings settings(Environment environment) {
        Set<String> hosts = new HashSet<>();
        hosts.add(environment.getProperty("server.address", "").toLowerCase(Locale.ROOT));
        properties.allowedHosts().forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
        DataSize memory = properties.bodyMemory();
        try {
            return new EndpointSettings(
                    credentials(),
                    hosts,
                    properties.bodyTimeout(),
                    memory == null ? EndpointSettings.defaultBodyMemory() : memory.toBytes(),
                    clock);
        } catch (IllegalArgumentException invalid) {
            throw ShardmillConfigurationException.under("shardmill.aws-endpoint", invalid);
        }
    }

    private @Nullable EndpointCredentials credentials() {
        String id = properties.accessKeyId();
        String secret = properties.secretAccessKey();
        if (id == null && secret == null) {
            return null;
        }
        return new EndpointCredentials(id == null ? "" : id, secret == null ? "" : secret);
    }

    @Bean
    @ConditionalOnMissingBean
    AwsEndpointLifecycle shardmillAwsEndpointLifecycle(AwsEndpoint endpoint) {
        return new AwsEndpointLifecycle(endpoint);
    }

    /** Before whatever would read a form's body. */
    @Bean
    @ConditionalOnMissingBean(name = "shardmillAwsEndpointRegistration")
    FilterRegistrationBean<AwsEndpoint> shardmillAwsEndpointRegistration(AwsEndpoint endpoint) {
        FilterRegistrationBean<AwsEndpoint> registration = new FilterRegistrationBean<>(endpoint);
        registration.setName("shardmillAwsEndpoint");
        registration.setAsyncSupported(true);
        registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 100);
        return registration;
    }

    /** After AWS's own requests, which are refused in their own way. */
    @Bean
    @ConditionalOnProperty("shardmill.aws-endpoint.guard-application")
    @ConditionalOnMissingBean(name = "shardmillCrossSiteRegistration")
    FilterRegistrationBean<CrossSiteFilter> shardmillCrossSiteRegistration(Environment environment) {
        FilterRegistrationBean<CrossSiteFilter> registration =
                new FilterRegistrationBean<>(new CrossSiteFilter(settings(environment)));
        registration.setName("shardmillCrossSite");
        registration.setAsyncSupported(true);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 101);
        return registration;
    }

    /** Applications in a server that is not theirs are looked after by that. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(AbstractConfigurableWebServerFactory.class)
    static class Access {

        @Bean
        AwsEndpointAccess shardmillAwsEndpointAccess(ShardmillProperties properties, ApplicationContext application) {
            return new AwsEndpointAccess(properties.awsEndpoint(), application);
        }

        @Bean
        AwsEndpointAnnouncement shardmillAwsEndpointAnnouncement(
                ObjectProvider<AwsService> services, ShardmillProperties properties, Environment environment) {
            return new AwsEndpointAnnouncement(
                    services, properties.awsEndpoint(), environment.getProperty("server.servlet.context-path", ""));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConfigurableJettyWebServerFactory.class)
    static class OnJetty {

        @Bean
        JettyAnswers shardmillJettyAnswers() {
            return new JettyAnswers();
        }
    }

    /** Not on Tomcat, which cuts answers off when a client closes its connection gracefully. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({
        ConfigurableJettyWebServerFactory.class,
        HTTP2CServerConnectionFactory.class,
        ALPNServerConnectionFactory.class
    })
    static class Http2OnJetty {

        @Bean
        @ConditionalOnMissingBean
        JettyHttp2 shardmillJettyHttp2() {
            return new JettyHttp2();
        }
    }
}
