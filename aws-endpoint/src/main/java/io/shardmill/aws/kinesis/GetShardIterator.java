package io.shardmill.aws.kinesis;

import io.shardmill.aws.kinesis.StartingPositions.Wanted;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.poller.stream.Position;
import java.time.Clock;
import java.util.Objects;

/** Makes a place in a shard, for GetRecords to read from. */
final class GetShardIterator implements Action.OfMembers {

    private final StreamNames names;
    private final StartingPositions positions;
    private final Clock clock;

    GetShardIterator(StreamNames names, StartingPositions positions, Clock clock) {
        this.names = names;
        this.positions = positions;
        this.clock = clock;
    }

    @Override
    public void answer(Members request, Reply reply) {
        String shard = request.text("ShardId");
        String type = request.text("ShardIteratorType");
        String number = request.text("StartingSequenceNumber");
        Constraints constraints = new Constraints()
                .required("shardId", shard)
                .length("shardId", shard, 1, 128)
                .matches("shardId", shard, Constraints.STREAM_NAME)
                .required("shardIteratorType", type)
                .oneOf("shardIteratorType", type, StartingPositions.TYPES)
                .matches("startingSequenceNumber", number, Constraints.SEQUENCE_NUMBER);
        StreamInfo stream =
                names.existing(names.name(request.text("StreamName"), request.text("StreamARN"), constraints));
        String shardId =
                names.existingShard(stream, Objects.requireNonNull(shard)).id();
        Wanted wanted = new Wanted("GetShardIterator", Objects.requireNonNull(type), number, request.time("Timestamp"));
        Position position = positions.position(stream.name(), shardId, wanted);
        ShardIterator iterator =
                new ShardIterator(clock.millis(), stream.name(), stream.incarnation(), shardId, position);
        reply.text("ShardIterator", iterator.token());
    }
}
