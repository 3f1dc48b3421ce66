package io.shardmill.lambda.injvm;

import org.jspecify.annotations.Nullable;

/** Makes a handler of an instance of its class. */
interface HandlerFactory {

    /**
     * A handler over this object.
     *
     * @param instance null if the handler is a static method
     */
    Handler of(@Nullable Object instance);
}
