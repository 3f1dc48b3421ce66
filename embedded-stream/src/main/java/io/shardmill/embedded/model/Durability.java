package io.shardmill.embedded.model;

/** Says which failures an acknowledged put survives. */
public enum Durability {
    /** The death of this process (kill -9): the operating system has the record before the put returns. */
    PROCESS,

    /**
     * The death of the machine (power loss) too: the record is forced to the disk before the put returns.
     * Writers that wait at the same time share one fsync.
     */
    MACHINE
}
