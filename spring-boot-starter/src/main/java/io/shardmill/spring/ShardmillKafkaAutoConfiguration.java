package io.shardmill.spring;

import io.shardmill.kafka.KafkaClients;
import io.shardmill.kafka.KafkaNaming;
import io.shardmill.kafka.KafkaStream;
import io.shardmill.kafka.KafkaStreams;
import io.shardmill.runtime.arn.AwsScope;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;

/** Topics of Kafka, for applications with the module {@code shardmill-kafka}: asked before the embedded streams. */
@AutoConfiguration(
        after = ShardmillAutoConfiguration.class,
        afterName = "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration")
public final class ShardmillKafkaAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({KafkaStreams.class, KafkaAutoConfiguration.class})
    static class Present {

        @Bean
        @ConditionalOnMissingBean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        KafkaStreams shardmillKafkaStreams(
                ShardmillProperties properties,
                Environment environment,
                AwsScope scope,
                ObjectProvider<DefaultKafkaConsumerFactory<?, ?>> consumers,
                ObjectProvider<DefaultKafkaProducerFactory<?, ?>> producers,
                ObjectProvider<KafkaAdmin> admins) {
            KafkaTopics topics = new KafkaTopics(properties);
            Map<String, KafkaStream> streams = topics.streams();
            KafkaNaming naming =
                    new KafkaNaming(EngineProperties.namespace(properties, environment), topics.groups(), scope);
            return new KafkaStreams(streams, clients(consumers, producers, admins), naming);
        }

        /** Boot's factories have the properties, connection details and SSL bundles of {@code spring.kafka} together. */
        private static KafkaClients clients(
                ObjectProvider<DefaultKafkaConsumerFactory<?, ?>> consumers,
                ObjectProvider<DefaultKafkaProducerFactory<?, ?>> producers,
                ObjectProvider<KafkaAdmin> admins) {
            return new KafkaClients(
                    consumerProperties(consumers),
                    producers.stream()
                            .findFirst()
                            .map(DefaultKafkaProducerFactory::getConfigurationProperties)
                            .orElse(Map.of()),
                    admins.stream()
                            .findFirst()
                            .map(KafkaAdmin::getConfigurationProperties)
                            .orElse(Map.of()));
        }

        private static Map<String, Object> consumerProperties(
                ObjectProvider<DefaultKafkaConsumerFactory<?, ?>> consumers) {
            return consumers.stream()
                    .findFirst()
                    .map(DefaultKafkaConsumerFactory::getConfigurationProperties)
                    .orElse(Map.of());
        }

        @Bean
        KafkaValues shardmillKafkaValues(ObjectProvider<DefaultKafkaConsumerFactory<?, ?>> consumers) {
            return new KafkaValues(consumerProperties(consumers));
        }

        @Bean
        StreamRoute shardmillKafkaRoute(KafkaStreams kafka) {
            return new StreamRoute(kafka::has, kafka);
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
