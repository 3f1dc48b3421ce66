package io.shardmill.spring;

import io.shardmill.poller.stream.StreamCatalog;
import io.shardmill.poller.stream.StreamSource;
import java.util.List;
import java.util.Optional;

/** Several catalogs, asked in their order: the first that serves a name has it. */
record StreamCatalogs(List<StreamCatalog> catalogs) implements StreamCatalog {

    @Override
    public Optional<StreamSource> find(String name) {
        return catalogs.stream().flatMap(catalog -> catalog.find(name).stream()).findFirst();
    }
}
