package io.shardmill.spring;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.embedded.model.StreamFolderException;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.FunctionTransactions;
import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.MemberStores;
import io.shardmill.poller.control.Engine;
import io.shardmill.poller.control.EngineDependencies;
import io.shardmill.poller.control.EngineSettings;
import io.shardmill.poller.control.MappingObservers;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.destination.BuiltInDestinations;
import io.shardmill.poller.destination.DestinationCatalog;
import io.shardmill.poller.destination.DestinationFiles;
import io.shardmill.poller.destination.Destinations;
import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.StreamCatalog;
import io.shardmill.runtime.FunctionCatalog;
import io.shardmill.runtime.InvocationInterceptor;
import io.shardmill.runtime.arn.AwsScope;
import io.shardmill.spring.backup.RestoredFolder;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.system.JavaVersion;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import tools.jackson.databind.json.JsonMapper;

/**
 * Event source mappings in a Spring Boot application: streams, functions, destinations and checkpoints, and
 * an engine that feeds the functions. Each of these beans gives way to one of the application's own.
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.cloud.function.context.config.ContextFunctionCatalogAutoConfiguration"
        })
@EnableConfigurationProperties(ShardmillProperties.class)
@Import({
    CheckpointConfiguration.class,
    LambdaConfiguration.class,
    DeploymentConfiguration.class,
    DeploymentConfiguration.Missing.class
})
public final class ShardmillAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(ShardmillAutoConfiguration.class);
    private static final String VIRTUAL_THREADS = "spring.threads.virtual.enabled";

    private final ShardmillProperties properties;
    private final Clock clock;

    ShardmillAutoConfiguration(ShardmillProperties properties, ObjectProvider<Clock> clock) {
        this.properties = properties;
        this.clock = clock.getIfUnique(Clock::systemUTC);
    }

    /** Created and checked by whoever needs it first: an application may have all of its beans elsewhere. */
    @Bean
    @Lazy
    DataFolder shardmillDataFolder(RestoredFolder restored) {
        return DataFolder.open(restored.path());
    }

    /** Restores a backup, if the configuration names one, before anything uses the folder. */
    @Bean
    RestoredFolder shardmillRestoredFolder() {
        return RestoreAtStart.open(properties, clock);
    }

    @Bean
    @ConditionalOnMissingBean
    AwsScope shardmillAwsScope() {
        try {
            return new AwsScope(properties.region(), properties.accountId());
        } catch (IllegalArgumentException malformed) {
            throw ShardmillConfigurationException.under("shardmill", malformed);
        }
    }

    @Bean
    @ConditionalOnMissingBean(StreamCatalog.class)
    EmbeddedStreams shardmillStreams(DataFolder folder, AwsScope scope) {
        try {
            return EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder.streams())
                    .withDurability(properties.durability())
                    .withScope(scope)
                    .withClock(clock));
        } catch (StreamFolderException unusable) {
            throw new ShardmillConfigurationException("shardmill.data-dir", unusable);
        }
    }

    @Bean
    static ConfiguredStreams shardmillConfiguredStreams(ObjectProvider<ShardmillProperties> properties) {
        return new ConfiguredStreams(properties);
    }

    @Bean
    @ConditionalOnMissingBean(
            value = FunctionCatalog.class,
            ignoredType = "io.shardmill.lambda.deploy.DeployedFunctions")
    SpringFunctionCatalog shardmillFunctionCatalog(
            org.springframework.cloud.function.context.FunctionCatalog functions,
            ObjectProvider<HandlerBeans> handlers,
            ObjectProvider<JsonMapper> json,
            ObjectProvider<ValueDecoder> decoder) {
        return new SpringFunctionCatalog(
                new CloudFunctions(functions),
                handlers.getIfAvailable(() -> HandlerBeans.NONE),
                json.getIfUnique(() -> JsonMapper.builder().build()),
                decoder.getIfAvailable());
    }

    @Bean
    @ConditionalOnMissingBean
    BuiltInDestinations shardmillDestinations(ObjectProvider<EventSourceMapping> mappings) {
        DataFolder folder = DataFolder.at(properties.dataDir());
        List<Path> folders = properties.fileDestinations().isEmpty()
                ? List.of(folder.destinations())
                : properties.fileDestinations();
        return new BuiltInDestinations(
                DestinationFiles.in(folders, MappingDefinitions.destinations(properties, mappings), folder::isOwn));
    }

    @Bean
    @ConditionalOnMissingBean
    EngineDependencies shardmillEngineDependencies(
            ObjectProvider<StreamCatalog> streams,
            ObjectProvider<FunctionCatalog> functions,
            CheckpointStore checkpoints,
            ObjectProvider<MappingStore> mappings,
            ObjectProvider<Replicas> replicas,
            ObjectProvider<FunctionTransactions> transactions,
            ObjectProvider<DestinationCatalog> catalogs,
            ListableBeanFactory beans) {
        Destinations destinations = new Destinations(
                beans.getBeansOfType(OnFailureDestination.class),
                catalogs.orderedStream().toList());
        return new EngineDependencies(
                new StreamCatalogs(streams.orderedStream().toList()),
                new FunctionCatalogs(functions.orderedStream().toList()),
                destinations,
                new EngineStores(
                        checkpoints,
                        mappings.getIfAvailable(() -> new InMemoryMappingStore(checkpoints)),
                        members(replicas.getIfAvailable()),
                        transactions.getIfAvailable()),
                clock);
    }

    private static @Nullable MemberStores members(@Nullable Replicas replicas) {
        return replicas == null ? null : replicas.members();
    }

    @Bean
    @ConditionalOnMissingBean
    Engine.Customizations shardmillEngineCustomizations(
            ObjectProvider<InvocationInterceptor> interceptors,
            ObjectProvider<MappingObservers> observers,
            Environment environment) {
        return new Engine.Customizations(
                EngineProperties.functionSettings(properties),
                Interceptors.chain(interceptors.orderedStream().toList()),
                new AllObservers(observers.orderedStream().toList()),
                workers(environment));
    }

    private static ThreadFactory workers(Environment environment) {
        if (Threading.VIRTUAL.isActive(environment)) {
            return new VirtualThreadTaskExecutor("shardmill-").getVirtualThreadFactory();
        }
        if (environment.getProperty(VIRTUAL_THREADS, Boolean.class, false)) {
            LOG.warn(
                    "{}: true; virtual threads need Java 21 or newer, and this is Java {}; functions run on platform"
                            + " threads",
                    VIRTUAL_THREADS,
                    JavaVersion.getJavaVersion());
        }
        return Engine.Customizations.none().workers();
    }

    @Bean
    @ConditionalOnMissingBean
    Engine shardmillEngine(
            EngineDependencies dependencies, Engine.Customizations customizations, Environment environment) {
        return new Engine(engineSettings(environment), dependencies, customizations);
    }

    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean
    Mappings shardmillMappings(Engine engine) {
        return engine.mappings();
    }

    @Bean
    @ConditionalOnMissingBean
    UnclaimedCheckpoints shardmillUnclaimedCheckpoints(
            CheckpointStore checkpoints, ObjectProvider<StreamCatalog> streams, Environment environment) {
        return new UnclaimedCheckpoints(
                checkpoints,
                new StreamCatalogs(streams.orderedStream().toList()),
                engineSettings(environment).namespace());
    }

    @Bean
    @ConditionalOnMissingBean
    ShardmillLifecycle shardmillLifecycle(
            Engine engine,
            ObjectProvider<EventSourceMapping> mappings,
            ObjectProvider<FunctionCatalog> functions,
            UnclaimedCheckpoints unclaimed) {
        refuseBeansNamedAsCode(new FunctionCatalogs(functions.orderedStream().toList()));
        MappingDefinitions definitions = new MappingDefinitions(properties, clock);
        List<EventSourceMapping> beans = mappings.orderedStream().toList();
        return new ShardmillLifecycle(engine, definitions.with(beans), definitions.names(beans), unclaimed);
    }

    private void refuseBeansNamedAsCode(FunctionCatalogs catalogs) {
        properties.functions().forEach((name, function) -> {
            if (function.code() != null && catalogs.isAmbiguous(name)) {
                throw new ShardmillConfigurationException(
                        "shardmill.functions." + name + ".code",
                        "there is a bean '" + name + "' that is a function, too; rename one of them");
            }
        });
    }

    private EngineSettings engineSettings(Environment environment) {
        return EngineProperties.settings(properties, environment.getProperty("spring.application.name", ""));
    }
}
