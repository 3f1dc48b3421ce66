package io.shardmill.poller.destination;

import java.util.Optional;

/** Where on-failure destinations are found by the name a mapping gives: a kind of destination each. Thread-safe. */
public interface DestinationCatalog {

    /**
     * The destination of that name, ready to be sent to; the same object for the same name. Empty if this
     * catalog doesn't serve such names.
     *
     * @throws IllegalArgumentException if it serves the name but the destination can't be used; the message
     *     says why
     */
    Optional<OnFailureDestination> find(String name);
}
