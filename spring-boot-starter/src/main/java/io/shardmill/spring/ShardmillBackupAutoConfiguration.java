package io.shardmill.spring;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.poller.checkpoint.jdbc.CheckpointBackup;
import io.shardmill.spring.backup.Backups;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Backups, where both the streams and the checkpoints are Shardmill's own, and their endpoint. */
@AutoConfiguration(after = ShardmillAutoConfiguration.class)
@ConditionalOnBean({EmbeddedStreams.class, CheckpointDatabase.class})
public final class ShardmillBackupAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    Backups shardmillBackups(
            EmbeddedStreams streams,
            CheckpointDatabase database,
            CheckpointConfiguration.VerifiedCheckpoints checkpoints,
            ShardmillProperties properties,
            ObjectProvider<Backups.FolderCopy> functions,
            ObjectProvider<Clock> clock,
            Environment environment) {
        Backups.Sources sources = new Backups.Sources(
                streams,
                new CheckpointBackup(checkpoints.dataSource()),
                EngineProperties.settings(properties, environment.getProperty("spring.application.name", ""))
                        .namespace(),
                database.isOurs(),
                functions.getIfAvailable());
        return new Backups(sources, folder(properties), clock.getIfUnique(Clock::systemUTC));
    }

    private static Path folder(ShardmillProperties properties) {
        Path data = properties.dataDir().toAbsolutePath().normalize();
        Path configured = properties.backupDir();
        Path folder = configured == null
                ? data.resolveSibling("backups")
                : configured.toAbsolutePath().normalize();
        if (folder.startsWith(data)) {
            throw new ShardmillConfigurationException(
                    "shardmill.backup-dir",
                    folder + "; must not be in the data folder " + data + "; choose another one");
        }
        return folder;
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
    static class Endpoints {

        @Bean
        @ConditionalOnAvailableEndpoint(ShardmillBackupEndpoint.class)
        @ConditionalOnMissingBean
        ShardmillBackupEndpoint shardmillBackupEndpoint(Backups backups) {
            return new ShardmillBackupEndpoint(backups);
        }

        @Bean
        @ConditionalOnAvailableEndpoint(ShardmillBackupEndpoint.class)
        @ConditionalOnMissingBean
        ShardmillBackupWebEndpoint shardmillBackupWebEndpoint(ShardmillBackupEndpoint endpoint) {
            return new ShardmillBackupWebEndpoint(endpoint);
        }
    }
}
