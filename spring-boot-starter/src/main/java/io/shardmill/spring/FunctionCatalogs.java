package io.shardmill.spring;

import io.shardmill.runtime.FunctionCatalog;
import io.shardmill.runtime.FunctionSettings;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.UnusableFunctionException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Several catalogs, asked in their order. */
record FunctionCatalogs(List<FunctionCatalog> catalogs) implements FunctionCatalog {

    @Override
    public InvocableFunction find(String name) {
        Deque<String> problems = new ArrayDeque<>(); // the last catalog's first: it is the most common one
        for (FunctionCatalog catalog : catalogs) {
            try {
                return catalog.find(name);
            } catch (UnusableFunctionException notThere) {
                problems.addFirst(String.valueOf(notThere.getMessage()));
            }
        }
        throw new UnusableFunctionException(String.join(" ", problems));
    }

    @Override
    public Optional<FunctionSettings> settings(String name) {
        return catalogs.stream()
                .flatMap(catalog -> catalog.settings(name).stream())
                .findFirst();
    }
}
