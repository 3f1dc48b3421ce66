package io.shardmill.spring;

import io.shardmill.runtime.FunctionCatalog;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.UnusableFunctionException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

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

    /** Whether more than one of them has a function of that name: then it is chance which one is found. */
    boolean isAmbiguous(String name) {
        return catalogs.stream().filter(catalog -> has(catalog, name)).count() > 1;
    }

    private static boolean has(FunctionCatalog catalog, String name) {
        try {
            catalog.find(name);
            return true;
        } catch (UnusableFunctionException notThere) {
            return false;
        }
    }
}
