package io.shardmill.benchmarks;

/** What a benchmark's function fails with, on purpose. */
final class PoisonException extends RuntimeException {

    private final int index;

    /** @param index of the record in its batch */
    PoisonException(int index) {
        super("The benchmark's function fails on purpose");
        this.index = index;
    }

    int index() {
        return index;
    }
}
