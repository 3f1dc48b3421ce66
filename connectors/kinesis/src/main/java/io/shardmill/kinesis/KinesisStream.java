package io.shardmill.kinesis;

import org.jspecify.annotations.Nullable;

/**
 * A stream of Kinesis, and how it is read. Immutable.
 *
 * @param stream the stream's name or ARN, or the ARN of a consumer that is registered with it
 * @param consumer name of a consumer to subscribe as, which is registered if it does not exist; null to poll, unless {@code stream}
 *     is a consumer's ARN
 * @param deaggregation what becomes of aggregated records
 */
public record KinesisStream(
        String stream,
        @Nullable String consumer,
        KinesisLocation location,
        Polling polling,
        Deaggregation deaggregation) {

    private static final String NAME = "[a-zA-Z0-9_.-]{1,128}";

    /** @throws IllegalArgumentException if a name has not the form that Kinesis wants; the message begins with the property */
    public KinesisStream {
        KinesisArn arn = KinesisArn.parse(stream);
        if (arn == null && !stream.matches(NAME)) {
            throw new IllegalArgumentException("kinesis: '" + stream
                    + "' must be the name of a Kinesis stream (1 to 128 letters, digits, '_', '.' and '-'), its ARN"
                    + " arn:aws:kinesis:<region>:<account>:stream/<name>, or the ARN of a registered consumer");
        }
        if (consumer != null && !consumer.matches(NAME)) {
            throw new IllegalArgumentException("consumer: '" + consumer
                    + "' must be the name of a consumer: 1 to 128 letters, digits, '_', '.' and '-'");
        }
        if (consumer != null && arn != null && arn.consumer() != null) {
            throw new IllegalArgumentException("consumer: '" + consumer + "' is one consumer too many, because the"
                    + " stream is given as the ARN of consumer '" + arn.consumer() + "'; leave one of the two out");
        }
    }

    /** Polls a stream at AWS as Lambda does. */
    public static KinesisStream of(String stream) {
        return new KinesisStream(stream, null, KinesisLocation.aws(), Polling.defaults(), Deaggregation.AS_LAMBDA);
    }

    public KinesisStream at(KinesisLocation location) {
        return new KinesisStream(stream, consumer, location, polling, deaggregation);
    }

    public KinesisStream with(Polling polling) {
        return new KinesisStream(stream, consumer, location, polling, deaggregation);
    }

    public KinesisStream withConsumer(String consumer) {
        return new KinesisStream(stream, consumer, location, polling, deaggregation);
    }

    public KinesisStream with(Deaggregation deaggregation) {
        return new KinesisStream(stream, consumer, location, polling, deaggregation);
    }

    /** Returns whether shards push their records, instead of being polled. */
    boolean isFanOut() {
        KinesisArn arn = arn();
        return consumer != null || (arn != null && arn.consumer() != null);
    }

    @Nullable
    KinesisArn arn() {
        return KinesisArn.parse(stream);
    }
}
