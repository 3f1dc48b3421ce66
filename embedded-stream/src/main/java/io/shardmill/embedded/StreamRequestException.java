package io.shardmill.embedded;

/** A request that the stream can't carry out as it is; nothing was changed. */
public final class StreamRequestException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final String errorCode;

    StreamRequestException(String errorCode, String message) {
        super(message);
        this.errorCode = errorCode;
    }

    static StreamRequestException invalid(String message) {
        return new StreamRequestException("InvalidArgumentException", message);
    }

    static StreamRequestException notFound(String message) {
        return new StreamRequestException("ResourceNotFoundException", message);
    }

    static StreamRequestException inUse(String message) {
        return new StreamRequestException("ResourceInUseException", message);
    }

    static StreamRequestException limitExceeded(String message) {
        return new StreamRequestException("LimitExceededException", message);
    }

    static StreamRequestException notInThisMode(String message) {
        return new StreamRequestException("ValidationException", message);
    }

    /**
     * As Kinesis names it: {@code InvalidArgumentException}, {@code ResourceNotFoundException},
     * {@code ResourceInUseException}, {@code LimitExceededException}, and {@code ValidationException} for what can't be
     * asked of a stream in its mode.
     */
    public String errorCode() {
        return errorCode;
    }
}
