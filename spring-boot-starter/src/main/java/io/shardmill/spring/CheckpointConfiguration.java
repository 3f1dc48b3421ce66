package io.shardmill.spring;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.jdbc.JdbcCheckpointStore;
import io.shardmill.poller.checkpoint.jdbc.JdbcMappingStore;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Checkpoints in the application's DataSource if it has one (the primary one of several), else in a file of ours. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(CheckpointStore.class)
class CheckpointConfiguration {

    @Bean
    CheckpointDatabase shardmillCheckpointDatabase(
            ObjectProvider<DataFolder> folder, ObjectProvider<DataSource> dataSources) {
        DataSource application = dataSources.getIfUnique();
        return application == null || CheckpointDatabase.isMadeUp(application)
                ? CheckpointDatabase.inFile(folder.getObject().path())
                : CheckpointDatabase.ofApplication(application);
    }

    @Bean
    @DependsOnDatabaseInitialization
    CheckpointStore shardmillCheckpointStore(CheckpointDatabase database, ShardmillProperties properties) {
        CheckpointTables.prepare(database, properties.jdbc().initializeSchema());
        return new JdbcCheckpointStore(database.dataSource());
    }

    /** Mappings that are created at run time, in the tables that the checkpoints' store has prepared. */
    @Bean
    @ConditionalOnMissingBean
    MappingStore shardmillMappingStore(CheckpointStore shardmillCheckpointStore, CheckpointDatabase database) {
        return new JdbcMappingStore(database.dataSource());
    }
}
