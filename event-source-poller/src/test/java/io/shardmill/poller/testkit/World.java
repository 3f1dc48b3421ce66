package io.shardmill.poller.testkit;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.control.EngineIdentity;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.control.Replay;
import io.shardmill.poller.event.EventOrigin;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.shard.BatchInvoker;
import io.shardmill.poller.shard.CheckpointWriter;
import io.shardmill.poller.shard.EnginePorts;
import io.shardmill.poller.shard.MappingPorts;
import io.shardmill.poller.shard.Permits;
import io.shardmill.poller.shard.ShardObserver;
import io.shardmill.poller.stream.StreamSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * An engine in virtual time, with one stream, one function and one destination. {@link #restart} and
 * {@link #crash} begin a new life on the same stream and checkpoints.
 */
public final class World {

    public static final String NAMESPACE = "test";

    public final VirtualTime time;
    public final FakeStream stream;
    public final ScriptedFunction function;
    public final FakeDestination destination = new FakeDestination();
    private StreamSource source;
    private BatchInvoker invoker;
    private CheckpointStore store = new InMemoryCheckpointStore();
    private ShardObserver observer = new ShardObserver() {};
    private int permits = 1_000;
    private int lives;
    private int requests;
    private @Nullable Mappings mappings;

    public World(int shards) {
        this(shards, new VirtualTime());
    }

    public World(int shards, VirtualTime time) {
        this.time = time;
        this.stream = new FakeStream("orders", shards, time);
        this.function = new ScriptedFunction(time);
        this.source = stream;
        this.invoker = function;
    }

    /** Reads this in place of {@link #stream}. */
    public World with(StreamSource source) {
        this.source = source;
        return this;
    }

    /** Invokes this in place of {@link #function}. */
    public World with(BatchInvoker invoker) {
        this.invoker = invoker;
        return this;
    }

    public World with(CheckpointStore store) {
        this.store = store;
        return this;
    }

    public World with(ShardObserver observer) {
        this.observer = observer;
        return this;
    }

    public World withPermits(int permits) {
        this.permits = permits;
        return this;
    }

    public CheckpointStore store() {
        return store;
    }

    /** What is saved of a shard of {@link #mapping}. */
    public CheckpointRow row(String shard) {
        MappingKey key = new MappingKey(
                NAMESPACE,
                mapping().name(),
                mapping().stream(),
                stream.describe().incarnation());
        return store.load(key).stream()
                .filter(row -> row.shard().equals(shard))
                .findFirst()
                .orElseThrow();
    }

    /** A mapping of the function onto the stream; change it with its {@code with…} methods. */
    public EventSourceMapping mapping() {
        return mapping("orders");
    }

    /** Another mapping onto the same stream. */
    public EventSourceMapping mapping(String name) {
        return EventSourceMapping.of(name, "orders");
    }

    /** Begins a life: starts the mapping and lets everything run that is ready. */
    public World start(EventSourceMapping mapping) {
        begin(mapping);
        time.settle();
        return this;
    }

    /** Begins a life without letting anything run yet. */
    public void begin(EventSourceMapping mapping) {
        begin(mapping, null);
    }

    /** Begins a life, delivering again from there first, without letting anything run yet. */
    public void begin(EventSourceMapping mapping, @Nullable Replay replay) {
        CheckpointWriter writer = new CheckpointWriter(store, new CheckpointWriter.Pace(100, 10_000), time, time, time);
        EnginePorts engine = new EnginePorts(time, time, time, () -> false, () -> "request-" + ++requests, writer);
        Permits limit = new Permits(permits);
        mappings = new Mappings(
                found -> new MappingPorts(
                        source,
                        EventOrigin.of(stream.arn()),
                        invoker,
                        found.failureHandling().destination() == null ? null : destination,
                        limit,
                        observer),
                store,
                new EngineIdentity(NAMESPACE, "life-" + ++lives),
                engine);
        mappings.start(mapping, replay);
    }

    /** The running engine's mappings; {@link #await} their futures. */
    public Mappings mappings() {
        if (mappings == null) {
            throw new IllegalStateException("Not started");
        }
        return mappings;
    }

    public World advance(Duration duration) {
        time.advance(duration);
        return this;
    }

    /** Stops cleanly: lets time pass until all is stopped. */
    public void stop() {
        await(mappings().close());
    }

    /** Kills the process: what was not saved is forgotten. */
    public void crash() {
        time.crash();
        function.crash();
        stream.crash();
        mappings = null;
    }

    /** Stops cleanly and begins another life. */
    public World restart(EventSourceMapping mapping) {
        stop();
        return start(mapping);
    }

    /** Lets time pass until the future is done. */
    public <T> T await(Future<T> future) {
        long limit = time.millis() + Duration.ofHours(2).toMillis();
        while (!future.isDone() && time.step(limit)) {}
        if (!future.isDone()) {
            throw new AssertionError("Nothing is left to happen, and it isn't done");
        }
        try {
            return ((CompletableFuture<T>) future).join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }
}
