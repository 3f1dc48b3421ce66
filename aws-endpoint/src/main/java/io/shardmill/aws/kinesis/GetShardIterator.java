package io.shardmill.aws.kinesis;

import io.shardmill.aws.kinesis.StartingPositions.RequestedPosition;
import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.poller.stream.Position;
import java.time.Clock;
import java.time.Instant;

/** Makes a place in a shard, for GetRecords to read from. */
final class GetShardIterator {

    private static final Member<String> TYPE = StartingPositions.type("ShardIteratorType");
    private static final Member<String> NUMBER = KinesisMembers.sequenceNumber("StartingSequenceNumber");
    private static final Member<Instant> TIMESTAMP = Member.time("Timestamp");
    private static final Shape INPUT = Shape.of(
            KinesisMembers.SHARD_ID.required(),
            TYPE.required(),
            NUMBER,
            TIMESTAMP,
            KinesisMembers.STREAM_NAME,
            KinesisMembers.STREAM_ARN);

    private final StreamNames names;
    private final ShardIds shardIds;
    private final StartingPositions positions;
    private final Clock clock;

    GetShardIterator(StreamNames names, StartingPositions positions, Clock clock) {
        this.names = names;
        this.shardIds = new ShardIds(names);
        this.positions = positions;
        this.clock = clock;
    }

    Operation<Action> operation() {
        return Action.operation("GetShardIterator", INPUT, this::get);
    }

    private void get(Members request, ResponseWriter response) {
        String name = names.name(request);
        String id = shardIds.read(request.require(KinesisMembers.SHARD_ID), name);
        StreamInfo stream = names.existing(name);
        String shard = names.existingShard(stream, id).id();
        RequestedPosition requested = new RequestedPosition(
                "GetShardIterator", request.require(TYPE), request.get(NUMBER), request.get(TIMESTAMP));
        Position position = positions.position(stream.name(), shard, requested);
        ShardIterator iterator =
                new ShardIterator(clock.millis(), stream.name(), stream.incarnation(), shard, position);
        response.text("ShardIterator", iterator.token());
    }
}
