package io.shardmill.aws.kinesis;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.kinesis.StartingPositions.Wanted;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamConsumer;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Objects;

/** Pushes a shard's records to a registered consumer, as an event stream. */
final class SubscribeToShard implements Action {

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final Consumers consumers;
    private final StartingPositions positions;
    private final Subscriptions subscriptions;
    private final Clock clock;

    SubscribeToShard(
            EmbeddedStreams streams, StreamNames names, StartingPositions positions, Clock clock, long eventBytes) {
        this.streams = streams;
        this.names = names;
        this.consumers = new Consumers(streams, names);
        this.positions = positions;
        this.subscriptions = new Subscriptions(clock, eventBytes);
        this.clock = clock;
    }

    @Override
    public AwsResponse answer(Call call) {
        Members request = call.members();
        Members from = request.of("StartingPosition");
        String arn = request.text("ConsumerARN");
        String shard = request.text("ShardId");
        String type = from.text("Type");
        String number = from.text("SequenceNumber");
        new Constraints()
                .required("consumerARN", arn)
                .length("consumerARN", arn, 1, 2048)
                .matches("consumerARN", arn, Consumers.CONSUMER_ARN)
                .required("shardId", shard)
                .length("shardId", shard, 1, 128)
                .matches("shardId", shard, Constraints.STREAM_NAME)
                .required("startingPosition", request.has("StartingPosition") ? from : null)
                .required("startingPosition.type", type)
                .oneOf("startingPosition.type", type, StartingPositions.TYPES)
                .matches("startingPosition.sequenceNumber", number, Constraints.SEQUENCE_NUMBER)
                .check();
        StreamConsumer consumer = consumers.byArn(Objects.requireNonNull(arn));
        StreamInfo stream = names.existing(names.name(null, consumer.streamArn(), new Constraints()));
        String shardId =
                names.existingShard(stream, Objects.requireNonNull(shard)).id();
        Wanted wanted = new Wanted("SubscribeToShard", Objects.requireNonNull(type), number, from.time("Timestamp"));
        SequenceNumber tip = tip(stream.name(), shardId);
        Position position = positions.position(stream.name(), shardId, wanted);
        Subscription subscription = new Subscription(
                streams,
                names,
                subscriptions.memory(),
                new Subscription.Start(stream, consumer, shardId, position, tip),
                clock);
        Subscriptions.Key key = new Subscriptions.Key(consumer.arn(), shardId);
        subscriptions.begin(
                key, subscription, String.join(":", names.account(), stream.name(), shardId, consumer.name()));
        return new AwsResponse.Streamed(
                200,
                call.headers(EventStream.CONTENT_TYPE),
                new Pushed(subscription, call.wire(), () -> subscriptions.ended(key, subscription)));
    }

    private record Pushed(Subscription subscription, Wire wire, Runnable ended) implements AwsResponse.Body {

        @Override
        public void writeTo(OutputStream out) throws IOException, InterruptedException {
            try {
                subscription.run(out, wire);
            } finally {
                ended.run();
            }
        }

        @Override
        public void drop() {
            ended.run();
        }
    }

    private SequenceNumber tip(String stream, String shardId) {
        return ((Position.After) streams.latest(stream, shardId)).number();
    }
}
