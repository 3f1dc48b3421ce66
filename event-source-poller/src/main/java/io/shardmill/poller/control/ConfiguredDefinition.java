package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.control.MappingConfiguration.Origin;
import io.shardmill.poller.internal.reconcile.DesiredState;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of the application's: whether it is enabled and replayed is stored, its settings are not. The row may also hold
 * the settings of a mapping of the same name that was created at run time; they are left as they are.
 */
final class ConfiguredDefinition implements DefinitionSource {

    private final @Nullable String configuredAt;
    private final Instant started;
    private volatile EventSourceMapping mapping;

    /**
     * @param configuredAt where it is configured; null for one that the application's code starts, which may give it
     *     other settings until it ends
     */
    ConfiguredDefinition(EventSourceMapping mapping, @Nullable String configuredAt, Instant started) {
        this.mapping = mapping;
        this.configuredAt = configuredAt;
        this.started = started;
    }

    @Override
    public Origin origin() {
        return Origin.CONFIGURED;
    }

    @Override
    public DesiredState read(@Nullable StoredMapping row) {
        return row == null
                ? DesiredState.of(mapping, true, started)
                : new DesiredState(
                        mapping, row.enabled(), false, row.replay(), later(row.lastModified()), row.version());
    }

    private Instant later(Instant modified) {
        return modified.isAfter(started) ? modified : started;
    }

    @Override
    public StoredMapping write(DesiredState desired, @Nullable StoredMapping row) {
        return new StoredMapping(
                desired.name(),
                row == null ? null : row.document(),
                desired.enabled(),
                row != null && row.deleted(),
                desired.replay(),
                desired.lastModified(),
                desired.version());
    }

    @Override
    public DesiredState complete(DesiredState desired) {
        return desired.with(mapping);
    }

    @Override
    public void accepted(EventSourceMapping changed) {
        mapping = changed;
    }

    @Override
    public void requireDeletable() {
        throw new ConfiguredMappingException("Mapping '" + mapping.name() + "' belongs to the application ("
                + (configuredAt == null ? "its code starts it" : configuredAt)
                + "): take it away there; its checkpoints stay");
    }

    @Override
    public void requireChangeable() {
        if (configuredAt != null) {
            throw new ConfiguredMappingException("Mapping '" + mapping.name() + "' is configured at " + configuredAt
                    + ": change it there, or create one at run time under another name");
        }
    }
}
