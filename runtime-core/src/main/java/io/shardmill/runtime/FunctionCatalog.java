package io.shardmill.runtime;

/** Where functions are found by name. Thread-safe. */
public interface FunctionCatalog {

    /**
     * The function of that name, ready to be invoked.
     *
     * @throws UnusableFunctionException if there is none, or it is of a shape that takes no batch; the
     *     message says what was found and what is possible
     */
    InvocableFunction find(String name);
}
