package io.shardmill.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.kinesis.KinesisStreams;
import io.shardmill.kinesis.ReadObserver;
import io.shardmill.runtime.arn.AwsScope;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Streams of Kinesis, for applications with the module {@code shardmill-kinesis}: asked before the embedded streams. */
@AutoConfiguration(after = {ShardmillAutoConfiguration.class, ShardmillObservabilityAutoConfiguration.class})
public final class ShardmillKinesisAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(KinesisStreams.class)
    static class Present {

        /** Has the names of streams that were moved, whose sources are asked of the Kinesis streams. */
        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        MovedStreams shardmillMovedStreams(
                ShardmillProperties properties,
                KinesisStreams kinesis,
                ObjectProvider<EmbeddedStreams> embedded,
                ObjectProvider<Clock> clock) {
            return MovedStreams.of(
                    properties,
                    kinesis,
                    embedded.getIfAvailable(),
                    clock.getIfUnique(Clock::systemUTC).instant());
        }

        @Bean
        @ConditionalOnMissingBean
        @Order(Ordered.HIGHEST_PRECEDENCE + 1)
        KinesisStreams shardmillKinesisStreams(
                ShardmillProperties properties,
                AwsScope scope,
                ObjectProvider<AwsCredentialsProvider> credentials,
                ObjectProvider<Clock> clock,
                ObjectProvider<ReadObserver> observer) {
            KinesisProperties kinesis = new KinesisProperties(properties, credentials.getIfUnique());
            return new KinesisStreams(
                    kinesis.streams(),
                    kinesis.location(),
                    scope,
                    clock.getIfUnique(Clock::systemUTC),
                    observer.getIfAvailable(() -> ReadObserver.NONE));
        }

        @Bean
        StreamRoute shardmillKinesisRoute(KinesisStreams kinesis) {
            return new StreamRoute(kinesis::has, kinesis);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({KinesisStreams.class, MeterRegistry.class})
    @ConditionalOnBean(MeterRegistry.class)
    static class Metrics {

        @Bean
        @ConditionalOnMissingBean(ReadObserver.class)
        KinesisMeters shardmillKinesisMeters(MeterRegistry registry) {
            return new KinesisMeters(registry);
        }
    }

    /** Refuses what only the module could do. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass("io.shardmill.kinesis.KinesisStreams")
    static class Missing {

        Missing(ShardmillProperties properties) {
            properties.streams().forEach((name, stream) -> {
                if (stream.kinesis() != null) {
                    throw new ShardmillConfigurationException(
                            "shardmill.streams." + name + ".kinesis", "needs shardmill-kinesis on the class path");
                }
            });
        }
    }
}
