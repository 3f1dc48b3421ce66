package io.shardmill.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.shardmill.kafka.ClientObserver;
import io.shardmill.kafka.KafkaClients;
import io.shardmill.kafka.KafkaDestinations;
import io.shardmill.kafka.KafkaNaming;
import io.shardmill.kafka.KafkaStream;
import io.shardmill.kafka.KafkaStreams;
import io.shardmill.runtime.arn.AwsScope;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.metrics.KafkaMetricsAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;

/**
 * Topics of Kafka, for applications with the module {@code shardmill-kafka}: as streams, asked before the embedded ones, and as
 * on-failure destinations.
 */
@AutoConfiguration(
        after = ShardmillAutoConfiguration.class,
        afterName = "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration")
public final class ShardmillKafkaAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({KafkaStreams.class, KafkaAutoConfiguration.class})
    static class Present {

        @Bean
        KafkaTopics shardmillKafkaTopics(ShardmillProperties properties) {
            return new KafkaTopics(properties);
        }

        @Bean
        @ConditionalOnMissingBean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        KafkaStreams shardmillKafkaStreams(
                KafkaTopics topics,
                ShardmillProperties properties,
                Environment environment,
                AwsScope scope,
                KafkaClients clients) {
            String namespace = EngineProperties.namespace(properties, environment);
            KafkaNaming naming = new KafkaNaming(
                    namespace, topics.groups(mapping -> KafkaNaming.groupOf(namespace, mapping)), scope);
            requireServers(topics.streams(), clients);
            return new KafkaStreams(topics.streams(), clients, naming);
        }

        private static void requireServers(Map<String, KafkaStream> streams, KafkaClients clients) {
            streams.forEach((name, stream) -> {
                if (stream.bootstrapServers() == null && !clients.hasBootstrapServers()) {
                    throw new ShardmillConfigurationException(
                            "spring.kafka.bootstrap-servers",
                            "is not there for stream '" + name
                                    + "': Boot's Kafka configuration has no consumer factory, or several; make one of them primary,"
                                    + " or set shardmill.streams." + name + ".kafka.bootstrap-servers");
                }
            });
        }

        /** Boot's factories have the properties, connection details and SSL bundles of {@code spring.kafka} together. */
        @Bean
        @ConditionalOnMissingBean
        KafkaClients shardmillKafkaClients(
                ObjectProvider<DefaultKafkaConsumerFactory<?, ?>> consumers,
                ObjectProvider<DefaultKafkaProducerFactory<?, ?>> producers,
                ObjectProvider<KafkaAdmin> admins,
                ObjectProvider<ClientObserver> observers) {
            DefaultKafkaProducerFactory<?, ?> producer = producers.getIfUnique();
            KafkaAdmin admin = admins.getIfUnique();
            return new KafkaClients(
                    consumerProperties(consumers),
                    producer == null ? Map.of() : producer.getConfigurationProperties(),
                    admin == null ? Map.of() : admin.getConfigurationProperties(),
                    observers.orderedStream().toList());
        }

        @Bean
        @ConditionalOnMissingBean
        KafkaDestinations shardmillKafkaDestinations(KafkaTopics topics, KafkaClients clients) {
            return new KafkaDestinations(topics.streams(), clients);
        }

        private static Map<String, Object> consumerProperties(
                ObjectProvider<DefaultKafkaConsumerFactory<?, ?>> consumers) {
            DefaultKafkaConsumerFactory<?, ?> consumer = consumers.getIfUnique();
            return consumer == null ? Map.of() : consumer.getConfigurationProperties();
        }

        @Bean
        KafkaClientListeners shardmillKafkaClientListeners(
                ObjectProvider<DefaultKafkaConsumerFactory<?, ?>> consumers,
                ObjectProvider<DefaultKafkaProducerFactory<?, ?>> producers) {
            return new KafkaClientListeners(consumers.getIfUnique(), producers.getIfUnique());
        }

        @Bean
        KafkaValues shardmillKafkaValues(
                KafkaTopics topics, ObjectProvider<DefaultKafkaConsumerFactory<?, ?>> consumers) {
            KafkaValues values = new KafkaValues(consumerProperties(consumers));
            if (!topics.streams().isEmpty()) {
                values.verify();
            }
            return values;
        }

        @Bean
        StreamRoute shardmillKafkaRoute(KafkaStreams kafka) {
            return new StreamRoute(kafka::has, kafka);
        }
    }

    /** With the metrics that Boot binds of other clients. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({KafkaStreams.class, KafkaMetricsAutoConfiguration.class, KafkaClientMetrics.class})
    @ConditionalOnBean(KafkaMetricsAutoConfiguration.class)
    static class Metrics {

        @Bean
        @ConditionalOnMissingBean
        KafkaAdminMeters shardmillKafkaAdminMeters(MeterRegistry registry) {
            return new KafkaAdminMeters(registry);
        }
    }

    /** Refuses what only the module could do. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass("io.shardmill.kafka.KafkaStreams")
    static class Missing {

        Missing(ShardmillProperties properties) {
            properties.streams().forEach((name, stream) -> {
                if (stream.kafka() != null) {
                    throw missing("shardmill.streams." + name + ".kafka");
                }
            });
            properties.mappings().forEach((name, mapping) -> {
                if (mapping.topic() != null) {
                    throw missing("shardmill.mappings." + name + ".topic");
                }
            });
        }

        private static ShardmillConfigurationException missing(String property) {
            return new ShardmillConfigurationException(property, "needs shardmill-kafka on the class path");
        }
    }
}
