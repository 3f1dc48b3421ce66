package io.shardmill.poller.simulation;

/** The engine did what it must not do. */
final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1;

    Violation(String message) {
        super(message);
    }

    static void unless(boolean right, String message) {
        if (!right) {
            throw new Violation(message);
        }
    }
}
