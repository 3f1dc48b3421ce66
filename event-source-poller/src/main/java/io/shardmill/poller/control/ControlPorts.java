package io.shardmill.poller.control;

import io.shardmill.poller.internal.reconcile.DesiredState;
import io.shardmill.poller.internal.shard.EnginePorts;
import java.time.Instant;

/** The ports that all mappings of a process share. */
record ControlPorts(MappingResources resources, MonitoredStores stores, Coordination coordination, EnginePorts engine) {

    /** Returns the time to the millisecond: databases keep no nanoseconds, and what is stored must be the same when it is read again. */
    Instant now() {
        return Instant.ofEpochMilli(millis());
    }

    String namespace() {
        return coordination.namespace();
    }

    long millis() {
        return engine.clock().millis();
    }

    AcceptedState accepted(DesiredState first, DefinitionSource source) {
        return new AcceptedState(stores.mappings(), namespace(), source, this::now, first);
    }
}
