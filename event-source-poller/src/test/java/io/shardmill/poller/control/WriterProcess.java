package io.shardmill.poller.control;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.jdbc.JdbcCheckpointStore;
import io.shardmill.poller.checkpoint.jdbc.JdbcMappingStore;
import io.shardmill.poller.destination.Destinations;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.runtime.BatchFunction;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

/** A process that changes a mapping and prints each change that was accepted, until it is killed. */
final class WriterProcess {

    private WriterProcess() {}

    static Engine engine(DataSource database, FakeStream stream, Consumer<List<Record>> function) {
        return new Engine(
                EngineSettings.defaults("test"),
                new EngineDependencies(
                        name -> Optional.of(stream),
                        name -> new Function(function),
                        new Destinations(Map.of(), List.of()),
                        new EngineStores(new JdbcCheckpointStore(database), new JdbcMappingStore(database)),
                        InstantSource.system()),
                Engine.Customizations.none());
    }

    private record Function(Consumer<List<Record>> handler) implements BatchFunction {

        @Override
        public Result invoke(List<Record> batch) {
            handler.accept(batch);
            return Result.success();
        }

        @Override
        public boolean reportsItemFailures() {
            return false;
        }
    }

    /**
     * Runs the process.
     *
     * @param args the database's URL, and what to do
     */
    public static void main(String[] args) throws InterruptedException {
        FakeStream stream = new FakeStream("orders", 1, InstantSource.system());
        CountDownLatch invoked = new CountDownLatch(1);
        Engine engine = engine(JdbcConnectionPool.create(args[0], "sa", ""), stream, batch -> {
            invoked.countDown();
            hang();
        });
        Mappings mappings = engine.mappings();
        mappings.startStored();
        if (args[1].equals("replay")) {
            stream.put("1");
            invoked.await();
            var unused = mappings.replay("orders", new Replay.FromTrimHorizon());
            System.out.println(1);
            hang();
        }
        for (int number = 1; number < 10_000; number++) {
            MappingChange unused = mappings.update("orders", changed(args[1], number), null);
            System.out.println(number);
        }
    }

    private static UnaryOperator<EventSourceMapping> changed(String member, int number) {
        return member.equals("batch size")
                ? mapping -> mapping.with(mapping.batching().withBatchSize(number))
                : mapping -> mapping.with(mapping.failureHandling().withMaximumRetryAttempts(number));
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
