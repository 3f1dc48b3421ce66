package io.shardmill.spring;

import io.shardmill.aws.http.AwsEndpoint;
import io.shardmill.aws.http.AwsService;
import io.shardmill.aws.kinesis.KinesisService;
import io.shardmill.aws.kinesis.KinesisSettings;
import io.shardmill.aws.lambda.LambdaService;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.poller.control.LambdaMappings;
import io.shardmill.poller.control.Mappings;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.time.Clock;
import java.util.EnumSet;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

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
        return new KinesisService(streams, new KinesisSettings(clock, properties.throughputLimits()));
    }

    @Bean
    @ConditionalOnBean({DeployedFunctions.class, Mappings.class})
    @ConditionalOnMissingBean
    LambdaService shardmillLambdaService(Mappings mappings, DeployedFunctions functions) {
        return new LambdaService(new LambdaMappings(mappings, clock, UUID::randomUUID), functions, clock);
    }

    @Bean
    @ConditionalOnMissingBean
    AwsEndpoint shardmillAwsEndpoint(ObjectProvider<AwsService> services) {
        return new AwsEndpoint(services.orderedStream().toList());
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

    /** SubscribeToShard is an event stream over HTTP/2. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConfigurableTomcatWebServerFactory.class)
    static class Http2OnTomcat {

        @Bean
        @ConditionalOnMissingBean
        TomcatHttp2 shardmillTomcatHttp2() {
            return new TomcatHttp2();
        }
    }
}
