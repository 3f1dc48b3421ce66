package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.control.MappingConfiguration.Origin;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of the application's: only whether it is paused is kept.
 *
 * @param configuredAt where it is configured; null for one that the application starts by itself, which may give it
 *     other settings until it ends
 */
record ConfiguredDefinition(
        CheckpointStore store,
        String namespace,
        String name,
        @Nullable String configuredAt) implements Definition {

    @Override
    public Origin origin() {
        return Origin.CONFIGURED;
    }

    @Override
    public Optional<Told> load(Told last) {
        return Optional.of(last.enabled(!store.isPaused(namespace, name), last.lastModified()));
    }

    @Override
    public void keep(Told told) {
        store.setPaused(namespace, name, !told.enabled());
    }

    @Override
    public void delete() {
        requireDeletable();
    }

    @Override
    public void requireDeletable() {
        throw new ConfiguredMappingException("Mapping '" + name + "' belongs to the application ("
                + (configuredAt == null ? "its code starts it" : configuredAt)
                + "): take it away there; its checkpoints stay");
    }

    @Override
    public void requireChangeable() {
        if (configuredAt != null) {
            throw new ConfiguredMappingException("Mapping '" + name + "' is configured at " + configuredAt
                    + ": change it there, or create one at run time under another name");
        }
    }
}
