package io.shardmill.lambda.injvm;

/** Throws what a handler threw as it is, where the caller's signature has no room for it. */
final class Sneaky {

    private Sneaky() {}

    /** Never returns: {@code throw Sneaky.rethrow(..)} tells the compiler. */
    @SuppressWarnings("unchecked") // the type is erased: nothing is cast
    static <T extends Throwable> RuntimeException rethrow(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
