package io.shardmill.aws.kinesis;

/** A request that is answered by an error, with AWS's name for it. */
final class KinesisException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String errorCode;

    private KinesisException(String errorCode, String message) {
        super(message);
        this.errorCode = errorCode;
    }

    static KinesisException of(String errorCode, String message) {
        return new KinesisException(errorCode, message);
    }

    static KinesisException invalidArgument(String message) {
        return of("InvalidArgumentException", message);
    }

    static KinesisException notFound(String message) {
        return of("ResourceNotFoundException", message);
    }

    static KinesisException validation(String message) {
        return of("ValidationException", message);
    }

    static KinesisException serialization(String message) {
        return of("SerializationException", message);
    }

    String errorCode() {
        return errorCode;
    }
}
