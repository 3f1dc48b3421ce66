package io.shardmill.spring;

import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.control.Replay;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the endpoint can do to a mapping. */
enum EndpointAction {
    PAUSE {
        @Override
        CompletableFuture<Void> begin(Mappings mappings, String mapping, @Nullable String from) {
            return mappings.pause(mapping);
        }
    },
    RESUME {
        @Override
        CompletableFuture<Void> begin(Mappings mappings, String mapping, @Nullable String from) {
            return mappings.resume(mapping);
        }
    },
    REPLAY {
        @Override
        CompletableFuture<Void> begin(Mappings mappings, String mapping, @Nullable String from) {
            if (from == null || from.isBlank()) {
                throw new IllegalArgumentException("'from' is missing: a replay needs TRIM_HORIZON, a time such as"
                        + " 2026-11-23T10:15:30Z, or a record's sequence number");
            }
            return mappings.replay(mapping, Replay.parse(from));
        }
    };

    /** @throws IllegalArgumentException if the request is not complete */
    abstract CompletableFuture<Void> begin(Mappings mappings, String mapping, @Nullable String from);

    /** @throws IllegalArgumentException if there is no such action */
    static EndpointAction of(@Nullable String name) {
        for (EndpointAction action : values()) {
            if (action.toString().equalsIgnoreCase(name)) {
                return action;
            }
        }
        throw new IllegalArgumentException("'action' is " + (name == null ? "missing" : "'" + name + "'")
                + ": it must be pause, resume or replay");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
