package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.control.MappingConfiguration.Origin;
import io.shardmill.poller.internal.reconcile.DesiredState;
import io.shardmill.poller.mapping.EventSourceMapping;
import org.jspecify.annotations.Nullable;

/** Says where a mapping's settings come from, and what of its desired state is stored. Thread-safe. */
interface DefinitionSource {

    Origin origin();

    /**
     * Returns the desired state that is stored, or null if the mapping was removed.
     *
     * @param row null if nothing is stored under the mapping's name
     * @throws IllegalArgumentException if the row can't be read
     */
    @Nullable
    DesiredState read(@Nullable StoredMapping row);

    /**
     * Returns what is to be stored.
     *
     * @param row what it replaces, or null
     */
    StoredMapping write(DesiredState desired, @Nullable StoredMapping row);

    /** Returns the state with settings that are not stored. */
    default DesiredState complete(DesiredState desired) {
        return desired;
    }

    /** Remembers accepted settings that are not stored. */
    default void accepted(EventSourceMapping mapping) {}

    /**
     * Checks that the mapping can be deleted at run time.
     *
     * @throws ConfiguredMappingException if it can't; the message says where it is configured
     */
    void requireDeletable();

    /**
     * Checks that the mapping's settings can be changed at run time.
     *
     * @throws ConfiguredMappingException if they can't; the message says where they are configured
     */
    void requireChangeable();
}
