package io.shardmill.benchmarks;

import java.nio.file.Path;

/** The two that are compared. */
enum ReaderKind {
    SHARDMILL("Shardmill") {
        @Override
        ReaderUnderTest start(ReadOrder order, Endpoints endpoints, Path data, Received received) {
            return new MappingReader(order, endpoints, data, received);
        }
    },
    CLIENT_LIBRARY("KCL") {
        @Override
        ReaderUnderTest start(ReadOrder order, Endpoints endpoints, Path data, Received received) {
            return new ClientLibraryReader(order, endpoints, received);
        }
    };

    final String title;

    ReaderKind(String title) {
        this.title = title;
    }

    abstract ReaderUnderTest start(ReadOrder order, Endpoints endpoints, Path data, Received received);
}
