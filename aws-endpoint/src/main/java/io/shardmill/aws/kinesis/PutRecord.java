package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.function.PutResult;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts one record. Its number is always greater than those given before in its shard, which is what a
 * SequenceNumberForOrdering asks for.
 */
final class PutRecord {

    private static final Member<String> ORDERING = KinesisMembers.sequenceNumber("SequenceNumberForOrdering");
    private static final Shape INPUT = Shape.of(
            Puts.PARTITION_KEY.required(),
            Puts.DATA.required(),
            Puts.EXPLICIT_HASH_KEY,
            ORDERING,
            KinesisMembers.STREAM_NAME,
            KinesisMembers.STREAM_ARN);
    /** Below all numbers, and of no shard. */
    private static final String NO_NUMBER = "0";

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final Puts puts;

    PutRecord(EmbeddedStreams streams, StreamNames names, Puts puts) {
        this.streams = streams;
        this.names = names;
        this.puts = puts;
    }

    Operation<Action> operation() {
        return Action.operation("PutRecord", INPUT, this::put);
    }

    private void put(Members request, ResponseWriter response) {
        String stream = names.name(request);
        requireGiven(request.get(ORDERING), stream);
        PutResult result = puts.put(stream, List.of(request), index -> "").get(0);
        if (result instanceof PutResult.Rejected rejected) {
            throw KinesisErrors.of(rejected.errorCode(), rejected.message());
        }
        write(response, (PutResult.Stored) result);
    }

    /** Refuses a number that none of the stream's shards has given. */
    private void requireGiven(@Nullable String number, String stream) {
        if (number != null
                && !number.equals(NO_NUMBER)
                && !isGiven(number, names.existing(stream).name())) {
            throw KinesisErrors.invalidArgument("ExclusiveMinimumSequenceNumber " + number
                    + " used in PutRecord on stream " + stream + " under account " + names.account()
                    + " is invalid.");
        }
    }

    private boolean isGiven(String text, String stream) {
        SequenceNumber number;
        try {
            number = SequenceNumber.parse(text);
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
        return streams.find(stream)
                .flatMap(source -> source.shardHolding(number))
                .map(shard -> (Position.After) streams.latest(stream, shard))
                .filter(tip -> !number.isAfter(tip.number()))
                .isPresent();
    }

    static void write(ResponseWriter response, PutResult.Stored stored) {
        response.text("ShardId", stored.shard().id())
                .text("SequenceNumber", stored.sequenceNumber().toString());
    }
}
