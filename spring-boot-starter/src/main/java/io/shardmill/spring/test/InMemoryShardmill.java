package io.shardmill.spring.test;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.lambda.process.ProcessOptions;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.runtime.arn.AwsScope;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** What {@link ShardmillTest} puts in place of files and tables. */
@Configuration(proxyBeanMethods = false)
class InMemoryShardmill {

    @Bean
    EmbeddedStreams shardmillTestStreams(ObjectProvider<Clock> clock, AwsScope scope) {
        return EmbeddedStreams.temporary(clock.getIfUnique(Clock::systemUTC), scope);
    }

    @Bean
    CheckpointStore shardmillTestCheckpoints() {
        return new InMemoryCheckpointStore();
    }

    /** Before all other catalogs: no file is written. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    RecordingDestination shardmillTestDestination() {
        return new RecordingDestination();
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
