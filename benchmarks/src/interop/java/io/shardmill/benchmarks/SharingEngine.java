package io.shardmill.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.MemberStores;
import io.shardmill.poller.checkpoint.jdbc.JdbcCheckpointStore;
import io.shardmill.poller.checkpoint.jdbc.JdbcFunctionTransactions;
import io.shardmill.poller.checkpoint.jdbc.JdbcMappingStore;
import io.shardmill.poller.checkpoint.jdbc.JdbcMemberStore;
import io.shardmill.poller.control.Engine;
import io.shardmill.poller.control.EngineDependencies;
import io.shardmill.poller.control.EngineSettings;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.destination.Destinations;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.StreamCatalog;
import io.shardmill.runtime.BatchFunction;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** An engine that shares shards with others, with pools of its own as an application of the starter has them. */
final class SharingEngine implements AutoCloseable {

    static final String NAMESPACE = "replicas";

    private final HikariDataSource functions;
    private final HikariDataSource checkpoints;
    private final HikariDataSource heartbeats;
    private final CountingDataSource countedCheckpoints;
    private final CountingDataSource countedHeartbeats;
    private final CountingStore store;
    private final Engine engine;

    /** Makes a function of the application's database. */
    interface Functions {
        BatchFunction on(JdbcTemplate jdbc);
    }

    SharingEngine(PostgresServer server, StreamCatalog streams, Functions function, int maximumConcurrency) {
        functions = server.pool(maximumConcurrency);
        checkpoints = server.pool(2);
        heartbeats = server.pool(1);
        countedCheckpoints = new CountingDataSource(checkpoints);
        countedHeartbeats = new CountingDataSource(heartbeats);
        store = new CountingStore(new JdbcCheckpointStore(countedCheckpoints));
        BatchFunction made = function.on(new JdbcTemplate(functions));
        EngineSettings settings = EngineSettings.defaults(NAMESPACE);
        engine = new Engine(
                new EngineSettings(
                        NAMESPACE,
                        settings.checkpointInterval(),
                        settings.checkpointPatience(),
                        settings.shutdownTimeout(),
                        maximumConcurrency,
                        false),
                new EngineDependencies(
                        streams,
                        name -> made,
                        new Destinations(Map.of(), List.of()),
                        new EngineStores(
                                store,
                                new JdbcMappingStore(countedCheckpoints),
                                new MemberStores(
                                        new JdbcMemberStore(countedCheckpoints), new JdbcMemberStore(countedHeartbeats)),
                                new JdbcFunctionTransactions(
                                        new JdbcTransactionManager(functions), functions, Duration.ofSeconds(6))),
                        Clock.systemUTC()),
                Engine.Customizations.none());
    }

    void start(EventSourceMapping mapping) {
        mappings().start(mapping, StartOptions.FROM_CHECKPOINTS);
    }

    Mappings mappings() {
        return engine.mappings();
    }

    CountingStore store() {
        return store;
    }

    /** Statements of the engine itself. */
    long statements() {
        return countedCheckpoints.statements() + countedHeartbeats.statements();
    }

    /** To the others this is as if its process were killed. */
    void cut() {
        countedCheckpoints.cut();
        countedHeartbeats.cut();
    }

    @Override
    public void close() {
        engine.close();
        functions.close();
        checkpoints.close();
        heartbeats.close();
    }
}
