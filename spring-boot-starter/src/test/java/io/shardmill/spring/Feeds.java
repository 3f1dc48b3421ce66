package io.shardmill.spring;

import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;

/** Feeds that come and go while the application runs. */
class Feeds {

    private final Mappings mappings;

    Feeds(Mappings mappings) {
        this.mappings = mappings;
    }

    void open(String name, String stream) {
        mappings.create(
                EventSourceMapping.of(name, stream)
                        .withFunction("store")
                        .with(Batching.defaults().withBatchSize(500)),
                true);
    }

    void inSmallerBatches(String name) {
        mappings.update(name, mapping -> mapping.with(mapping.batching().withBatchSize(1)), null);
    }

    void close(String name) {
        mappings.delete(name);
    }
}
