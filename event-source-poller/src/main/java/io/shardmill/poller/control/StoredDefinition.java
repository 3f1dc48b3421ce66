package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.control.MappingConfiguration.Origin;
import io.shardmill.poller.mapping.MappingDocument;
import java.util.Optional;

/** A mapping that was created at run time. */
record StoredDefinition(MappingStore store, String namespace, String name) implements Definition {

    /** @throws IllegalArgumentException if the document can't be read */
    static Told told(StoredMapping stored) {
        return new Told(
                MappingDocument.read(stored.name(), stored.document()), stored.enabled(), stored.lastModified());
    }

    static StoredMapping stored(Told told) {
        return new StoredMapping(
                told.mapping().name(), MappingDocument.of(told.mapping()), told.enabled(), told.lastModified());
    }

    @Override
    public Origin origin() {
        return Origin.STORED;
    }

    @Override
    public Optional<Told> load(Told last) {
        return store.find(namespace, name).map(StoredDefinition::told);
    }

    @Override
    public void keep(Told told) {
        if (!store.update(namespace, stored(told))) {
            throw new UnknownMappingException("Mapping '" + name + "' was deleted by another process");
        }
    }

    @Override
    public void delete() {
        store.delete(namespace, name);
    }

    @Override
    public void requireDeletable() {}

    @Override
    public void requireChangeable() {}
}
