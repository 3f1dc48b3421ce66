package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.shard.EnginePorts;
import io.shardmill.poller.shard.MappingPorts;
import io.shardmill.poller.stream.StreamDescription;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The mappings of this process. Thread-safe. A change returns at once and its future completes when it is
 * made; changes of one mapping are made one after the other. A future that fails says why; asking for a
 * mapping that is not there throws {@link UnknownMappingException} at once.
 *
 * <p>Mappings come from the application ({@link #start}), or are created at run time ({@link #create}) and kept in the
 * database until they are deleted.
 */
public final class Mappings {

    private final MappingRunner.Shared shared;
    private final MappingStore store;
    private final RunningMappings running = new RunningMappings();
    private final StoredMappings stored;

    /** Held while a mapping is created, so that no two of the same stream and function are, or found in the store. */
    private final Object creating = new Object();

    public Mappings(
            MappingResources resources,
            CheckpointStore checkpoints,
            MappingStore store,
            EngineIdentity identity,
            EnginePorts engine) {
        this.shared = new MappingRunner.Shared(resources, checkpoints, identity, engine);
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
        Definition definition = new ConfiguredDefinition(
                shared.checkpoints(), shared.identity().namespace(), mapping.name(), begin.configuredAt());
        add(new Told(mapping, true, shared.now()), definition).start(begin);
    }

    /**
     * Starts all that were created at run time, in earlier lives or by other processes, and from then on looks every
     * minute for more, while this process has any mapping at all. May block; if the store can't be reached, it is tried again every second.
     */
    public void startStored() {
        stored.start();
    }

    private void startStored(Told told) {
        synchronized (creating) {
            if (running.find(told.mapping().name()) == null) {
                add(told, definition(told)).start(Begin.FROM_CHECKPOINTS);
            }
        }
    }

    private Definition definition(Told told) {
        return new StoredDefinition(
                store, shared.identity().namespace(), told.mapping().name());
    }

    private MappingRunner add(Told told, Definition definition) {
        String name = told.mapping().name();
        MappingRunner runner = new MappingRunner(told, definition, shared, () -> running.remove(name));
        running.add(name, runner);
        return runner;
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
        MappingChange created;
        synchronized (creating) {
            created = createAlone(mapping, enabled);
        }
        stored.lookLater();
        return created;
    }

    private MappingChange createAlone(EventSourceMapping mapping, boolean enabled) {
        running.requireFree(mapping.name());
        shared.resources().check(mapping);
        MappingPorts ports = shared.resources().find(mapping);
        StreamDescription unusedListing = ports.source().describe();
        requireUnique(mapping, ports);
        Told told = new Told(mapping, enabled, shared.now());
        if (!store.create(shared.identity().namespace(), StoredDefinition.stored(told))) {
            throw new IllegalArgumentException("There is a mapping '" + mapping.name() + "' in the database already");
        }
        MappingRunner runner = add(told, definition(told));
        MappingConfiguration answer = runner.configuration().in(State.CREATING);
        runner.start(Begin.FROM_CHECKPOINTS);
        return new MappingChange(answer, runner.settled());
    }

    private void requireUnique(EventSourceMapping mapping, MappingPorts ports) {
        for (MappingConfiguration other : list()) {
            if (other.mapping().stream().equals(mapping.stream())
                    && other.mapping().function().equals(mapping.function())) {
                throw new MappingConflictException(ports.source().arn(), mapping.function(), other.uuid());
            }
        }
    }

    /**
     * Stops a mapping that was created at run time, once no invocation runs any more, and forgets it with its
     * checkpoints. If the process ends before that, the mapping is there as before.
     *
     * @return Lambda's answer in state {@code DELETING} (spec case 18)
     * @throws ConfiguredMappingException if the mapping is the application's
     */
    public MappingChange delete(String name) {
        MappingRunner runner = running.require(name);
        runner.requireDeletable();
        return new MappingChange(runner.configuration().in(State.DELETING), runner.delete());
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
        store.all(shared.identity().namespace()).forEach(mapping -> here.add(mapping.name()));
        return shared.checkpoints().mappings(shared.identity().namespace()).stream()
                .filter(key -> !here.contains(key.mapping()))
                .toList();
    }

    // Changes.

    /** Stops delivering until {@link #resume}, also across restarts; done when no invocation runs any more. */
    public CompletableFuture<Void> pause(String name) {
        return running.require(name).pause();
    }

    /** Goes on from where {@link #pause} stopped. */
    public CompletableFuture<Void> resume(String name) {
        return running.require(name).resume();
    }

    /**
     * Delivers again from there, once no invocation runs any more. Fails with an
     * {@link IllegalArgumentException}, and changes nothing, if the stream has no such place.
     */
    public CompletableFuture<Void> replay(String name, Replay replay) {
        return running.require(name).replay(replay);
    }

    /**
     * Goes on with other settings from where the mapping is, once no invocation runs any more. Of a mapping that the
     * application's code has started, the change lasts until the application ends.
     *
     * @throws io.shardmill.poller.mapping.InvalidMappingException for another stream
     * @throws ConfiguredMappingException for a mapping that is configured
     * @throws RuntimeException for a function or destination that is not there
     */
    public CompletableFuture<Void> update(EventSourceMapping mapping) {
        return update(mapping, null).settled();
    }

    /**
     * The same, together with a pause or a resume.
     *
     * @param enabled null leaves it as it is
     * @return Lambda's answer (spec case 20), and what {@link #update(EventSourceMapping)} returns
     */
    public MappingChange update(EventSourceMapping mapping, @Nullable Boolean enabled) {
        MappingRunner runner = running.require(mapping.name());
        runner.requireChangeableTo(mapping);
        MappingConfiguration before = runner.configuration();
        MappingConfiguration answer = new MappingConfiguration(
                mapping,
                before.origin(),
                passesThrough(before.state() != State.DISABLED, enabled),
                shared.now(),
                before.lastProcessingResult());
        return new MappingChange(answer, runner.update(mapping, enabled));
    }

    private static State passesThrough(boolean isEnabled, @Nullable Boolean enabled) {
        if (enabled == null || enabled == isEnabled) {
            return State.UPDATING;
        }
        return enabled ? State.ENABLING : State.DISABLING;
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
