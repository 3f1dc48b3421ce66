package io.shardmill.poller.stream;

import java.util.Optional;

/** Where streams are found by the name a mapping gives. Thread-safe. */
public interface StreamCatalog {

    /** The source of that name; empty if nobody here serves such a name. Doesn't ask whether the stream exists. */
    Optional<StreamSource> find(String name);
}
