package io.shardmill.spring;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.poller.control.Mappings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The endpoint, and the health of mappings and streams, for applications with the actuator. */
@AutoConfiguration(after = ShardmillAutoConfiguration.class)
@ConditionalOnBean(Mappings.class)
public final class ShardmillActuatorAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    DamagedShards shardmillDamagedShards(ObjectProvider<EmbeddedStreams> streams) {
        return new DamagedShards(streams.getIfUnique());
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
    static class Endpoints {

        @Bean
        @ConditionalOnAvailableEndpoint(ShardmillEndpoint.class)
        @ConditionalOnMissingBean
        ShardmillEndpoint shardmillEndpoint(Mappings mappings, DamagedShards shards) {
            return new ShardmillEndpoint(mappings, shards);
        }

        @Bean
        @ConditionalOnAvailableEndpoint(ShardmillEndpoint.class)
        @ConditionalOnMissingBean
        ShardmillWebEndpoint shardmillWebEndpoint(ShardmillEndpoint endpoint) {
            return new ShardmillWebEndpoint(endpoint);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    @ConditionalOnEnabledHealthIndicator("shardmill")
    static class HealthOfMappings {

        @Bean
        @ConditionalOnMissingBean(name = "shardmillHealthIndicator")
        MappingsHealthIndicator shardmillHealthIndicator(Mappings mappings) {
            return new MappingsHealthIndicator(mappings);
        }

        @Bean
        @ConditionalOnMissingBean(name = "shardmillStreamsHealthIndicator")
        DamagedShardsHealthIndicator shardmillStreamsHealthIndicator(DamagedShards shards, Environment environment) {
            return new DamagedShardsHealthIndicator(shards, environment);
        }
    }
}
