package io.shardmill.aws.kinesis;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.function.PutResult;
import java.util.List;

/**
 * Puts one record. Its number is always greater than those given before in its shard, so a
 * SequenceNumberForOrdering is looked at and then fulfilled by itself.
 */
final class PutRecord implements Action {

    private final StreamNames names;
    private final Puts puts;

    PutRecord(StreamNames names, Puts puts) {
        this.names = names;
        this.puts = puts;
    }

    @Override
    public AwsResponse answer(Call call) {
        PutMembers request = PutMembers.read(call);
        Constraints constraints = new Constraints();
        request.record().constrain("", constraints);
        constraints.matches(
                "sequenceNumberForOrdering", request.sequenceNumberForOrdering(), Constraints.SEQUENCE_NUMBER);
        String stream = names.name(request.streamName(), request.streamArn(), constraints);
        PutResult result =
                puts.put(stream, List.of(request.record()), index -> "").get(0);
        if (result instanceof PutResult.Rejected rejected) {
            throw KinesisException.of(rejected.errorCode(), rejected.message());
        }
        Reply reply = new Reply(call.wire());
        stored(reply, (PutResult.Stored) result);
        return call.success(reply);
    }

    static void stored(Reply reply, PutResult.Stored stored) {
        reply.text("ShardId", stored.shard().id())
                .text("SequenceNumber", stored.sequenceNumber().toString());
    }
}
