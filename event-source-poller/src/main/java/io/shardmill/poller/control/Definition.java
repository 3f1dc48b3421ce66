package io.shardmill.poller.control;

import io.shardmill.poller.control.MappingConfiguration.Origin;
import java.util.Optional;

/** Where it is kept what a mapping is told to be. Its methods may block, and throw when the store can't be reached. */
interface Definition {

    Origin origin();

    /**
     * What it is told to be now, perhaps by another process; empty if it was deleted.
     *
     * @param last what it was told before
     */
    Optional<Told> load(Told last);

    void keep(Told told);

    /** Deletes it with its rows. */
    void delete();

    /**
     * Whether it can be deleted at run time.
     *
     * @throws ConfiguredMappingException if it can't; the message says where it is configured
     */
    void requireDeletable();

    /**
     * Whether it can be changed at run time.
     *
     * @throws ConfiguredMappingException if it can't; the message says where it is configured
     */
    void requireChangeable();
}
