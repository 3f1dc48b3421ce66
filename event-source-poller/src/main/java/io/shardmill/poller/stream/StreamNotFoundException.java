package io.shardmill.poller.stream;

/** There is no such stream; the message says how to get one. */
public final class StreamNotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StreamNotFoundException(String message) {
        super(message);
    }
}
