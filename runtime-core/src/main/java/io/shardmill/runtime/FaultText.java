package io.shardmill.runtime;

/** Puts exceptions into words for people, whatever their own methods do. */
final class FaultText {

    private FaultText() {}

    /** Returns what the exception says of itself, or its class if it can't say that either. */
    static String of(Throwable thrown) {
        try {
            return String.valueOf(thrown.toString());
        } catch (Throwable broken) { // whatever it is, it is the function's
            return thrown.getClass().getName() + ", whose message could not be read: "
                    + broken.getClass().getName();
        }
    }

    /** Names a fault of Shardmill's own, most likely that its memory is full. */
    static String ofInternal(Throwable fault) {
        return fault instanceof OutOfMemoryError
                ? "out of memory (" + fault.getMessage() + ")"
                : "internal error: " + of(fault);
    }
}
