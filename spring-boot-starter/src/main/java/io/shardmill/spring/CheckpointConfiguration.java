package io.shardmill.spring;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.FunctionTransactions;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.jdbc.CheckpointBackup;
import io.shardmill.poller.checkpoint.jdbc.JdbcCheckpointStore;
import io.shardmill.poller.checkpoint.jdbc.JdbcFunctionTransactions;
import io.shardmill.poller.checkpoint.jdbc.JdbcMappingStore;
import io.shardmill.spring.backup.RestoredFolder;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;

/** Checkpoints in the application's DataSource if it has one (the primary one of several), else in a file of ours. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(CheckpointStore.class)
class CheckpointConfiguration {

    /** How long a process that stands still inside a commit keeps its shard: as long as one that is dead. */
    private static final Duration STANDSTILL = Duration.ofSeconds(6);

    @Bean
    CheckpointDatabase shardmillCheckpointDatabase(
            ObjectProvider<DataFolder> folder,
            ObjectProvider<DataSource> dataSources,
            ShardmillProperties properties,
            Environment environment) {
        DataSource application = dataSources.getIfUnique();
        return application == null || DatabaseUrl.of(application).isMadeUp()
                ? CheckpointDatabase.inFile(folder.getObject().path())
                : CheckpointDatabase.ofApplication(
                        application,
                        EngineProperties.namespace(properties, environment),
                        () -> folder.getObject().path());
    }

    @Bean
    @DependsOnDatabaseInitialization
    VerifiedCheckpoints shardmillVerifiedCheckpoints(
            CheckpointDatabase database,
            ShardmillProperties properties,
            RestoredFolder restored,
            Environment environment) {
        CheckpointTables tables = new CheckpointTables(properties.jdbc().initializeSchema());
        DataSource verified = database.open(tables, properties.checkpointRecovery());
        CheckpointBackup rows = new CheckpointBackup(verified);
        restored.loadCheckpoints(rows);
        String importFrom = properties.checkpoints().importFrom();
        if (importFrom != null) {
            CheckpointFileUrl.of(importFrom, database)
                    .importInto(rows, EngineProperties.namespace(properties, environment));
        }
        return new VerifiedCheckpoints(verified);
    }

    @Bean
    CheckpointStore shardmillCheckpointStore(VerifiedCheckpoints shardmillCheckpoints) {
        return new JdbcCheckpointStore(shardmillCheckpoints.dataSource());
    }

    /** Mappings that are created at run time, in the tables that the checkpoints' store has prepared. */
    @Bean
    @ConditionalOnMissingBean
    MappingStore shardmillMappingStore(VerifiedCheckpoints shardmillCheckpoints) {
        return new JdbcMappingStore(shardmillCheckpoints.dataSource());
    }

    /**
     * Those of the application's transaction manager (the primary one of several); null if it has none for the database of the
     * checkpoints.
     */
    @Bean
    @ConditionalOnMissingBean
    @Nullable
    FunctionTransactions shardmillFunctionTransactions(
            CheckpointDatabase database, ObjectProvider<PlatformTransactionManager> managers) {
        DataSource application = database.application();
        PlatformTransactionManager manager = managers.getIfUnique();
        return application == null || manager == null || isOfAnother(manager, application)
                ? null
                : new JdbcFunctionTransactions(manager, application, STANDSTILL);
    }

    /** Returns whether the manager's transactions are known to be another DataSource's; one of an ORM tells that only when it begins one. */
    private static boolean isOfAnother(PlatformTransactionManager manager, DataSource application) {
        return manager instanceof ResourceTransactionManager known
                && known.getResourceFactory() instanceof DataSource used
                && !used.equals(application);
    }

    /** Where replicas find each other; null if the database is in this process, and so has no other one. */
    @Bean
    @ConditionalOnMissingBean
    @Nullable
    Replicas shardmillReplicas(CheckpointDatabase database, VerifiedCheckpoints shardmillCheckpoints) {
        return database.isEmbedded() ? null : Replicas.on(shardmillCheckpoints.dataSource(), database.heartbeats());
    }

    /** Lends connections to tables that were verified; no {@link DataSource} bean, of which an application has its own. */
    record VerifiedCheckpoints(DataSource dataSource) {}
}
