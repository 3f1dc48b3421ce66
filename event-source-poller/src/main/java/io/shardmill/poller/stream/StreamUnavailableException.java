package io.shardmill.poller.stream;

/** The stream can't be asked at present; trying again may help. */
public final class StreamUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StreamUnavailableException(String message) {
        super(message);
    }

    public StreamUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
