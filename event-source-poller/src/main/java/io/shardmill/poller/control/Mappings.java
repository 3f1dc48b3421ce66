package io.shardmill.poller.control;

import io.shardmill.poller.assignment.ReplicaGroup;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.internal.reconcile.DesiredState;
import io.shardmill.poller.internal.shard.EnginePorts;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The mappings of this process. Thread-safe.
 *
 * <p>A change blocks until it is stored: it is made on what was accepted last, by whatever process, is shown from then on,
 * and is carried out in this run or a later one. Its future completes when the mapping runs accordingly, and fails if it
 * ends before. A change that is refused throws: {@link UnknownMappingException} for a mapping that is not there,
 * {@link MappingInUseException} for one that is being deleted,
 * {@link io.shardmill.poller.checkpoint.CheckpointStoreException} if the database fails; then it is not accepted, though it
 * may have been stored.
 *
 * <p>Mappings come from the application ({@link #start}), or are created at run time ({@link #create}) and kept in the
 * database until they are deleted.
 */
public final class Mappings {

    private final ControlPorts ports;
    private final MappingRegistry registry = new MappingRegistry();
    private final StoredMappings stored;
    private final MappingCreation creation;

    public Mappings(
            MappingResources resources, EngineStores engineStores, Coordination coordination, EnginePorts engine) {
        MonitoredStores stores = new MonitoredStores(engineStores, engine.clock());
        this.ports = new ControlPorts(resources, stores, coordination, engine);
        this.stored = new StoredMappings(ports, registry, this::startStored);
        this.creation = new MappingCreation(ports, registry, stored);
    }

    // Mappings come and go.

    /**
     * Adds a mapping of the application's and starts it; returns at once. A stream that is not there yet is waited for.
     *
     * @throws RuntimeException if a mapping of that name exists, it names a function or destination that does not, or
     *     it begins with a replay from the future
     */
    public void start(EventSourceMapping mapping, StartOptions options) {
        registry.requireFree(mapping.name());
        ports.resources().check(mapping);
        SoleReader.require(
                mapping,
                () -> ports.resources().source(mapping),
                registry.all().stream().map(ManagedMapping::mapping));
        if (options.replay() != null) {
            options.replay().requirePossible(ports.now());
        }
        DefinitionSource source = new ConfiguredDefinition(mapping, options.configuredAt(), ports.now());
        ManagedMapping managed = managed(DesiredState.of(mapping, true, ports.now()), source, options);
        registry.add(mapping.name(), managed);
        managed.start();
    }

    /**
     * Starts the mappings that were created at run time, by this application or by other processes, and from then on checks
     * every 5 seconds for more, as long as this process has a mapping. May block; retries every second while the store can't be
     * reached.
     */
    public void startStored() {
        stored.start();
    }

    private ManagedMapping startStored(DesiredState desired) {
        ManagedMapping managed = managed(desired, new StoredDefinition(), StartOptions.FROM_CHECKPOINTS);
        ManagedMapping started = registry.addIfAbsent(desired.name(), managed);
        if (started == managed) {
            managed.start();
        }
        return started;
    }

    private ManagedMapping managed(DesiredState first, DefinitionSource source, StartOptions options) {
        return new ManagedMapping(first, source, options, ports, () -> {
            registry.remove(first.name());
            ports.resources().forget(first.mapping());
        });
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
        return creation.create(mapping, enabled);
    }

    /**
     * Stops a mapping that was created at run time, once no invocation runs any more, and removes it with its checkpoints.
     *
     * @return Lambda's answer in state {@code DELETING} (spec case 18)
     * @throws ConfiguredMappingException if the mapping is the application's
     */
    public MappingChange delete(String name) {
        return registry.require(name).delete();
    }

    // What there is.

    /** Returns the processes that share the shards with this one; empty if there can be no others. */
    public Optional<ReplicaGroup> replicas() {
        return ports.coordination().assignment().replicas();
    }

    public List<String> names() {
        return registry.names();
    }

    /**
     * Returns the name of the mapping that a person means: the one of that name, or else the only one of a function of that name.
     *
     * @throws UnknownMappingException if there is none, or several of the function
     */
    public String nameOf(String mappingOrFunction) {
        return registry.requireByNameOrFunction(mappingOrFunction).name();
    }

    /** Returns what Lambda's API answers about the mapping; at once. */
    public MappingConfiguration get(String name) {
        return registry.require(name).configuration();
    }

    /** Returns what Lambda's API answers about all mappings; at once. */
    public List<MappingConfiguration> list() {
        return registry.all().stream().map(ManagedMapping::configuration).toList();
    }

    /**
     * Describes the mapping and its shards. Completes within a quarter of a second, whatever the database and the stream do: with
     * the mapping as its last pass left it, and its shards as they are.
     */
    public CompletableFuture<MappingStatus> describe(String name) {
        return registry.require(name).describe();
    }

    /** Returns the checkpoints in this namespace that belong to no mapping here, as after a renaming. May block. */
    public List<MappingKey> unclaimedCheckpoints() {
        Set<String> here = new HashSet<>(names());
        ports.stores().mappings().all(ports.namespace()).stream()
                .filter(mapping -> mapping.document() != null)
                .forEach(mapping -> here.add(mapping.name()));
        return ports.stores().checkpoints().mappings(ports.namespace()).stream()
                .filter(key -> !here.contains(key.mapping()))
                .toList();
    }

    // Changes.

    /**
     * Stops delivering until {@link #resume}, also across restarts; done when no invocation runs any more, or when the mapping
     * was resumed before that.
     */
    public CompletableFuture<Void> pause(String name) {
        return registry.require(name).change(desired -> desired.enabled(false)).settled();
    }

    /** Resumes where {@link #pause} stopped. */
    public CompletableFuture<Void> resume(String name) {
        return registry.require(name).change(desired -> desired.enabled(true)).settled();
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
        return registry.require(name).replay(replay).settled();
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
        return registry.require(name).update(change, enabled);
    }

    /**
     * Done when everything that is in the mapping's stream now is finished and saved; fails if the mapping ends before. May
     * be cancelled. An open tumbling window whose time is not over stays open.
     */
    public CompletableFuture<Void> drained(String name) {
        return registry.require(name).drained();
    }

    /**
     * Waits until everything that is in the streams of all mappings now is finished and saved; false if that took longer. Each
     * wait begins anew, and asks each shard whether more has come: at the tip of a Kinesis shard the answer may take twice the
     * longest pause between reads. To wait in steps, keep one {@link #drained(String)}.
     *
     * @throws IllegalStateException if a mapping is stopped or deleted before
     */
    public boolean awaitDrained(Duration timeout) {
        List<CompletableFuture<Void>> drained =
                registry.all().stream().map(ManagedMapping::drained).toList();
        try {
            return MappingRegistry.await(drained, timeout);
        } finally {
            drained.forEach(future -> future.cancel(false));
        }
    }

    /** Stops all mappings: no new invocation; done when no running one is left and what was acknowledged is saved. */
    public CompletableFuture<Void> close() {
        stored.stop();
        return registry.close();
    }

    /**
     * Stops all mappings within the timeout, and removes them, so that they can be started again.
     *
     * @return whether nothing was left behind
     */
    boolean close(Duration timeout) {
        stored.stop();
        return registry.close(timeout, () -> ports.engine().checkpoints().saveFailure() != null);
    }
}
