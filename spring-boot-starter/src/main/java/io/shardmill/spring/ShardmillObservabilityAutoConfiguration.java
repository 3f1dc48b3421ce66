package io.shardmill.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.shardmill.poller.control.Mappings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Log context, application events, observations and metrics of mappings. */
@AutoConfiguration(
        before = ShardmillAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
        })
public final class ShardmillObservabilityAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    LoggingContext shardmillLoggingContext() {
        return new LoggingContext();
    }

    @Bean
    @ConditionalOnMissingBean
    MappingEvents shardmillMappingEvents(ApplicationEventPublisher publisher) {
        return new MappingEvents(publisher);
    }

    @Bean
    @ConditionalOnBean(ObservationRegistry.class)
    @ConditionalOnMissingBean
    ObservedInvocations shardmillObservedInvocations(ObservationRegistry registry) {
        return new ObservedInvocations(registry);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    @ConditionalOnBean(MeterRegistry.class)
    static class Metrics {

        @Bean
        @ConditionalOnMissingBean
        MappingMetrics shardmillMappingMetrics(MeterRegistry registry, ObjectProvider<Mappings> mappings) {
            return new MappingMetrics(registry, mappings::getObject);
        }

        @Bean
        @ConditionalOnMissingBean
        ReplicaMeters shardmillReplicaMeters(MeterRegistry registry, ObjectProvider<Mappings> mappings) {
            return new ReplicaMeters(registry, mappings);
        }
    }
}
