package io.shardmill.aws.kinesis;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.kinesis.StartingPositions.RequestedPosition;
import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.aws.protocol.Wire;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamConsumer;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/** Pushes a shard's records to a registered consumer, as an event stream. */
final class SubscribeToShard {

    private static final Member<String> TYPE = StartingPositions.type("Type");
    private static final Member<String> NUMBER = KinesisMembers.sequenceNumber("SequenceNumber");
    private static final Member<Instant> TIMESTAMP = Member.time("Timestamp");
    private static final Member<Members> POSITION =
            Member.structure("StartingPosition", Shape.of(TYPE.required(), NUMBER, TIMESTAMP));
    private static final Shape INPUT =
            Shape.of(KinesisMembers.CONSUMER_ARN.required(), KinesisMembers.SHARD_ID.required(), POSITION.required());

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final ShardIds shardIds;
    private final Consumers consumers;
    private final StartingPositions positions;
    private final Subscriptions subscriptions;

    SubscribeToShard(
            EmbeddedStreams streams,
            StreamNames names,
            Consumers consumers,
            StartingPositions positions,
            Subscriptions subscriptions) {
        this.streams = streams;
        this.names = names;
        this.shardIds = new ShardIds(names);
        this.consumers = consumers;
        this.positions = positions;
        this.subscriptions = subscriptions;
    }

    Operation<Action> operation() {
        return new Operation<>("SubscribeToShard", INPUT, this::subscribe);
    }

    private AwsResponse subscribe(Members request, Exchange exchange) {
        StreamConsumer consumer = consumers.byArn(request.require(KinesisMembers.CONSUMER_ARN));
        String name = names.nameIn(consumer.streamArn());
        String id = shardIds.read(request.require(KinesisMembers.SHARD_ID), name);
        StreamInfo stream = names.existing(name);
        String shard = names.existingShard(stream, id).id();
        Members from = request.require(POSITION);
        RequestedPosition requested =
                new RequestedPosition("SubscribeToShard", from.require(TYPE), from.get(NUMBER), from.get(TIMESTAMP));
        SequenceNumber tip = tip(stream.name(), shard);
        Position position = positions.position(stream.name(), shard, requested);
        Subscription subscription = new Subscription(
                streams,
                names,
                subscriptions.memory(),
                new Subscription.Start(stream, consumer, shard, position, tip),
                subscriptions.clock());
        Subscriptions.Key key = new Subscriptions.Key(consumer.arn(), shard);
        subscriptions.begin(
                key, subscription, String.join(":", names.account(), stream.name(), shard, consumer.name()));
        return new AwsResponse.Streamed(
                200,
                exchange.headers(EventStream.CONTENT_TYPE),
                new Pushed(subscription, exchange.wire(), () -> subscriptions.ended(key, subscription)));
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
