package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.control.MappingConfiguration.Origin;
import io.shardmill.poller.internal.reconcile.DesiredState;
import io.shardmill.poller.mapping.MappingDocument;
import org.jspecify.annotations.Nullable;

/** A mapping that was created at run time: all of it is stored. */
final class StoredDefinition implements DefinitionSource {

    @Override
    public Origin origin() {
        return Origin.STORED;
    }

    @Override
    public @Nullable DesiredState read(@Nullable StoredMapping row) {
        if (row == null || row.document() == null) {
            return null;
        }
        return new DesiredState(
                MappingDocument.read(row.name(), row.document()),
                row.enabled(),
                row.deleted(),
                row.replay(),
                row.lastModified(),
                row.version());
    }

    @Override
    public StoredMapping write(DesiredState desired, @Nullable StoredMapping row) {
        return new StoredMapping(
                desired.name(),
                MappingDocument.of(desired.mapping()),
                desired.enabled(),
                desired.deleted(),
                desired.replay(),
                desired.lastModified(),
                desired.version());
    }

    @Override
    public void requireDeletable() {}

    @Override
    public void requireChangeable() {}
}
