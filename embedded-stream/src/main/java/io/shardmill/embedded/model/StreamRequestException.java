package io.shardmill.embedded.model;

/** Refuses a request that breaks a rule; nothing was changed. */
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

    /** Reports a stream that does not exist. */
    public static StreamRequestException noStream(String name) {
        return notFound(adviceOnMissing(name));
    }

    /** Says that the stream does not exist, and how to create it. */
    public static String adviceOnMissing(String name) {
        return "there is no embedded stream '" + name + "': create it with createStream or ensureStream, or"
                + " name it in shardmill.streams." + name;
    }

    /** Reports a stream that was closed, because it was moved. */
    public static StreamRequestException closed(String name) {
        return invalid(
                "embedded stream '" + name + "' was moved and takes no records any more: put into the stream that it"
                        + " was moved to, which shardmill.streams." + name + ".kinesis names; to use '" + name
                        + "' again, delete it and create it anew");
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
