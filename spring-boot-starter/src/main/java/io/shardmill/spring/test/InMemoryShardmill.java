package io.shardmill.spring.test;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.kafka.KafkaClients;
import io.shardmill.kafka.KafkaNaming;
import io.shardmill.kafka.KafkaStreams;
import io.shardmill.kinesis.KinesisLocation;
import io.shardmill.kinesis.KinesisStreams;
import io.shardmill.kinesis.ReadObserver;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.lambda.process.ProcessOptions;
import io.shardmill.poller.checkpoint.FunctionTransactions;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.runtime.arn.AwsScope;
import io.shardmill.spring.ShardmillProperties;
import io.shardmill.spring.ShardmillProperties.Mapping;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.transaction.PlatformTransactionManager;

/** What {@link ShardmillTest} puts in place of files and tables. */
@Configuration(proxyBeanMethods = false)
class InMemoryShardmill {

    /** Has a stream for each of Kinesis's and each topic of Kafka, too. */
    @Bean
    EmbeddedStreams shardmillTestStreams(ObjectProvider<Clock> clock, AwsScope scope, ShardmillProperties properties) {
        EmbeddedStreams streams = EmbeddedStreams.temporary(clock.getIfUnique(Clock::systemUTC), scope);
        properties.streams().forEach((name, stream) -> {
            if (!stream.isEmbedded()) {
                streams.ensureStream(name, stream.shards());
            }
        });
        properties.mappings().values().stream()
                .map(Mapping::topic)
                .filter(Objects::nonNull)
                .forEach(topic -> streams.ensureStream(topic, 1));
        return streams;
    }

    @Bean
    InMemoryCheckpointStore shardmillTestCheckpoints() {
        return new InMemoryCheckpointStore();
    }

    /** For transactional mappings; null if the application has no transaction manager for them. */
    @Bean
    @Nullable
    FunctionTransactions shardmillTestTransactions(
            ObjectProvider<PlatformTransactionManager> managers, InMemoryCheckpointStore store) {
        PlatformTransactionManager manager = managers.getIfUnique();
        return manager == null ? null : new InMemoryTransactions(manager, store.transactions());
    }

    /** Before all other catalogs: no file is written. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    RecordingDestination shardmillTestDestination() {
        return new RecordingDestination();
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(KinesisStreams.class)
    static class Kinesis {

        /** Has no stream, so that all are found in the temporary folder. */
        @Bean
        KinesisStreams shardmillTestKinesis(AwsScope scope) {
            return new KinesisStreams(
                    Map.of(), KinesisLocation.aws(), scope, InstantSource.system(), ReadObserver.NONE);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(KafkaStreams.class)
    static class Kafka {

        /** Has no topic, either: no broker is asked. */
        @Bean
        KafkaStreams shardmillTestKafka(AwsScope scope) {
            return new KafkaStreams(
                    Map.of(), new KafkaClients(Map.of(), Map.of(), Map.of()), new KafkaNaming("test", Map.of(), scope));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DeployedFunctions.class)
    static class Deployment {

        @Bean
        TemporaryFolder shardmillTestFunctionsFolder() {
            return TemporaryFolder.make();
        }

        @Bean
        @Fallback
        DeployedFunctions shardmillTestFunctions(TemporaryFolder folder, AwsScope scope) {
            return DeployedFunctions.open(
                    folder.path(), scope, ProcessOptions.in(folder.path().resolve("environments")));
        }
    }
}
