package io.shardmill.spring;

import io.shardmill.poller.assignment.ReplicaGroup;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the endpoint can do to this replica. */
enum ReplicaAction {
    DRAIN {
        @Override
        CompletableFuture<Void> begin(ReplicaGroup replicas) {
            return replicas.drain();
        }
    },
    RESUME {
        @Override
        CompletableFuture<Void> begin(ReplicaGroup replicas) {
            return replicas.resume();
        }
    };

    abstract CompletableFuture<Void> begin(ReplicaGroup replicas);

    /** @throws IllegalArgumentException if there is no such action */
    static ReplicaAction of(@Nullable String name) {
        for (ReplicaAction action : values()) {
            if (action.toString().equalsIgnoreCase(name)) {
                return action;
            }
        }
        throw new IllegalArgumentException(
                "'action' is " + (name == null ? "missing" : "'" + name + "'")
                        + ": it must be drain or resume, which are for this replica; a mapping's actions are posted to its own address");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
