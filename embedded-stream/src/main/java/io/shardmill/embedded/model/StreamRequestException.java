package io.shardmill.embedded.model;

/** A request that the stream can't carry out as it is; nothing was changed. */
public final class StreamRequestException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final String errorCode;

    public StreamRequestException(String errorCode, String message) {
        super(message);
        this.errorCode = errorCode;
    }

    public static StreamRequestException invalid(String message) {
        return new StreamRequestException("InvalidArgumentException", message);
    }

    public static StreamRequestException notFound(String message) {
        return new StreamRequestException("ResourceNotFoundException", message);
    }

    /** There is no stream of that name. */
    public static StreamRequestException noStream(String name) {
        return notFound(adviceOnMissing(name));
    }

    /** Says that there is no such stream, and how to make it. */
    public static String adviceOnMissing(String name) {
        return "there is no embedded stream '" + name + "': create it with createStream or ensureStream, or"
                + " name it in shardmill.streams." + name;
    }

    public static StreamRequestException inUse(String message) {
        return new StreamRequestException("ResourceInUseException", message);
    }

    public static StreamRequestException limitExceeded(String message) {
        return new StreamRequestException("LimitExceededException", message);
    }

    public static StreamRequestException notInThisMode(String message) {
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
