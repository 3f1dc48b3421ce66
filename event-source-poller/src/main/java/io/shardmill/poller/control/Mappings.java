package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.shard.EnginePorts;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamSource;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The mappings of this process. Thread-safe.
 *
 * <p>A change blocks until it is stored: it is made on what was accepted last, by whatever process, is shown from then on,
 * and is carried out in this life or a later one. Its future completes when the mapping runs accordingly, and fails if it
 * ends before. A change that is refused throws: {@link UnknownMappingException} for a mapping that is not there,
 * {@link MappingInUseException} for one that is being deleted,
 * {@link io.shardmill.poller.checkpoint.CheckpointStoreException} if the database fails; then it is not accepted, though it
 * may have been stored.
 *
 * <p>Mappings come from the application ({@link #start}), or are created at run time ({@link #create}) and kept in the
 * database until they are deleted.
 */
public final class Mappings {

    private final MappingRunner.Shared shared;
    private final MappingStore store;
    private final RunningMappings running = new RunningMappings();
    private final StoredMappings stored;

    /** The streams and functions of mappings that are being created, so that no two of the same are at once. */
    private final Map<StreamAndFunction, UUID> creating = new ConcurrentHashMap<>();

    private record StreamAndFunction(String stream, String function) {

        static StreamAndFunction of(EventSourceMapping mapping) {
            return new StreamAndFunction(mapping.stream(), mapping.function());
        }
    }

    public Mappings(
            MappingResources resources,
            CheckpointStore checkpoints,
            MappingStore store,
            EngineIdentity identity,
            EnginePorts engine) {
        this.shared = new MappingRunner.Shared(resources, checkpoints, store, identity, engine);
        this.store = store;
        this.stored = new StoredMappings(store, identity.namespace(), engine, running, this::startStored);
    }

    // Mappings come and go.

    /**
     * Adds a mapping of the application's and starts it; returns at once. A stream that is not there yet is waited for.
     *
     * @throws RuntimeException if a mapping of that name exists, it names a function or destination that does not, or
     *     it begins with a replay from the future
     */
    public void start(EventSourceMapping mapping, Begin begin) {
        running.requireFree(mapping.name());
        shared.resources().check(mapping);
        if (begin.replay() != null) {
            begin.replay().requirePossible(shared.now());
        }
        DefinitionSource source = new ConfiguredDefinition(mapping, begin.configuredAt(), shared.now());
        MappingRunner runner = runner(Desired.of(mapping, true, shared.now()), source);
        running.add(mapping.name(), runner);
        runner.start(begin);
    }

    /**
     * Starts all that were created at run time, in earlier lives or by other processes, and from then on looks every
     * minute for more, while this process has any mapping at all. May block; if the store can't be reached, it is tried again every second.
     */
    public void startStored() {
        stored.start();
    }

    private MappingRunner startStored(Desired desired) {
        MappingRunner runner = runner(desired, new StoredDefinition());
        MappingRunner started = running.addIfAbsent(desired.name(), runner);
        if (started == runner) {
            runner.start(Begin.FROM_CHECKPOINTS);
        }
        return started;
    }

    private MappingRunner runner(Desired first, DefinitionSource source) {
        return new MappingRunner(first, source, shared, () -> running.remove(first.name()));
    }

    /**
     * Creates a mapping and keeps it: it is there when this returns. May block. It is not known whether it was made if a
     * {@link io.shardmill.poller.checkpoint.CheckpointStoreException} is thrown.
     *
     * @return Lambda's answer, always in state {@code CREATING} (spec case 2)
     * @throws MappingConflictException if there is one of the same stream and function (spec case 15)
     * @throws io.shardmill.runtime.UnusableFunctionException if there is no such function
     * @throws io.shardmill.poller.stream.StreamNotFoundException if there is no such stream
     * @throws io.shardmill.poller.stream.StreamUnavailableException if the stream can't be asked at present
     * @throws IllegalArgumentException if there is no such destination, or a mapping of that name
     */
    public MappingChange create(EventSourceMapping mapping, boolean enabled) {
        running.requireFree(mapping.name());
        shared.resources().check(mapping);
        StreamSource stream = shared.resources().find(mapping).source();
        StreamDescription unusedListing = stream.describe();
        StreamAndFunction pair = StreamAndFunction.of(mapping);
        UUID other = creating.putIfAbsent(pair, EventSourceMapping.uuidOf(mapping.name()));
        try {
            requireUnique(mapping, other, stream);
            return createAlone(mapping, enabled);
        } finally {
            if (other == null) {
                creating.remove(pair);
            }
            stored.lookLater();
        }
    }

    private MappingChange createAlone(EventSourceMapping mapping, boolean enabled) {
        MappingRunner runner = startStored(stored.create(Desired.of(mapping, enabled, shared.now())));
        MappingConfiguration answer = runner.configuration().in(State.CREATING);
        return new MappingChange(answer, runner.settled());
    }

    /** @param creating one of the same stream and function that is being created, or null */
    private void requireUnique(EventSourceMapping mapping, @Nullable UUID creating, StreamSource stream) {
        StreamAndFunction pair = StreamAndFunction.of(mapping);
        UUID existing = Stream.concat(list().stream().map(MappingConfiguration::mapping), stored.all().stream())
                .filter(other -> StreamAndFunction.of(other).equals(pair))
                .map(other -> EventSourceMapping.uuidOf(other.name()))
                .findFirst()
                .orElse(creating);
        if (existing != null) {
            throw new MappingConflictException(stream.arn(), mapping.function(), existing);
        }
    }

    /**
     * Stops a mapping that was created at run time, once no invocation runs any more, and removes it with its checkpoints.
     *
     * @return Lambda's answer in state {@code DELETING} (spec case 18)
     * @throws ConfiguredMappingException if the mapping is the application's
     */
    public MappingChange delete(String name) {
        return running.require(name).delete();
    }

    // What there is.

    public List<String> names() {
        return running.names();
    }

    /** How Lambda describes the mapping; at once. */
    public MappingConfiguration get(String name) {
        return running.require(name).configuration();
    }

    /** All of them. */
    public List<MappingConfiguration> list() {
        return running.all().stream().map(MappingRunner::configuration).toList();
    }

    /** How the mapping stands, with its shards. */
    public CompletableFuture<MappingStatus> describe(String name) {
        return running.require(name).describe();
    }

    /**
     * Checkpoints in this namespace that belong to no mapping here, such as those of one that was renamed. May block.
     */
    public List<MappingKey> unclaimedCheckpoints() {
        Set<String> here = new HashSet<>(names());
        store.all(shared.identity().namespace()).stream()
                .filter(mapping -> mapping.document() != null)
                .forEach(mapping -> here.add(mapping.name()));
        return shared.checkpoints().mappings(shared.identity().namespace()).stream()
                .filter(key -> !here.contains(key.mapping()))
                .toList();
    }

    // Changes.

    /**
     * Stops delivering until {@link #resume}, also across restarts; done when no invocation runs any more, or when the mapping
     * was resumed before that.
     */
    public CompletableFuture<Void> pause(String name) {
        return running.require(name).change(desired -> desired.enabled(false)).settled();
    }

    /** Continues from where {@link #pause} stopped. */
    public CompletableFuture<Void> resume(String name) {
        return running.require(name).change(desired -> desired.enabled(true)).settled();
    }

    /**
     * Delivers again from there, once no invocation runs any more; done when it begins. It is carried out exactly once,
     * across restarts and by one of the processes, unless a later replay of the whole stream takes its place before. Its
     * future fails with an {@link IllegalArgumentException} if the stream has lost the position by then.
     *
     * @throws IllegalArgumentException if the stream has no such position
     * @throws MappingInUseException for a sequence number while another replay is still to be carried out
     */
    public CompletableFuture<Void> replay(String name, Replay replay) {
        return running.require(name).replay(replay).settled();
    }

    /**
     * Continues with these settings from where the mapping is, once no invocation runs any more. If the application's code
     * has started the mapping, the change lasts until the application ends.
     *
     * @throws io.shardmill.poller.mapping.InvalidMappingException for another stream
     * @throws ConfiguredMappingException for a mapping that is configured
     * @throws RuntimeException for a function or destination that is not there
     */
    public CompletableFuture<Void> update(EventSourceMapping mapping) {
        return update(mapping.name(), current -> mapping, null).settled();
    }

    /**
     * Changes some settings of a mapping, as {@link #update(EventSourceMapping)} changes all of them.
     *
     * @param change is applied to the settings that were accepted last, perhaps several times; without side effects
     * @param enabled null leaves it as it is
     * @return Lambda's answer (spec case 20)
     */
    public MappingChange update(String name, UnaryOperator<EventSourceMapping> change, @Nullable Boolean enabled) {
        return running.require(name).update(change, enabled);
    }

    /**
     * Done when everything that is in the mapping's stream now is finished and saved; fails if the mapping ends before. May
     * be cancelled. An open tumbling window whose time is not over stays open.
     */
    public CompletableFuture<Void> drained(String name) {
        return running.require(name).drained();
    }

    /**
     * Waits until everything that is in the streams of all mappings now is finished and saved; false if that took longer.
     *
     * @throws IllegalStateException if a mapping is stopped or deleted before
     */
    public boolean awaitDrained(Duration timeout) {
        List<CompletableFuture<Void>> drained =
                running.all().stream().map(MappingRunner::drained).toList();
        try {
            return RunningMappings.await(drained, timeout);
        } finally {
            drained.forEach(future -> future.cancel(false));
        }
    }

    /** Stops all mappings: no new invocation; done when no running one is left and what was acknowledged is saved. */
    public CompletableFuture<Void> close() {
        stored.stop();
        return running.close();
    }

    /** The same for at most so long; then they are forgotten, so that they can be started again. */
    void close(Duration timeout) {
        stored.stop();
        running.close(timeout, () -> shared.engine().checkpoints().trouble() != null);
    }
}
