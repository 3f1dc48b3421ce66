package io.shardmill.benchmarks;

import io.shardmill.poller.control.Mappings;

/** What delivers records: the bare engine, or an application around it. */
interface RuntimeUnderTest extends AutoCloseable {

    Mappings mappings();

    @Override
    void close();
}
