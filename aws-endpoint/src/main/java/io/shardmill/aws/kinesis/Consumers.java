package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.StreamConsumers;
import io.shardmill.embedded.model.StreamConsumer;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamRequestException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** RegisterStreamConsumer, DeregisterStreamConsumer and DescribeStreamConsumer. A consumer is active at once. */
final class Consumers {

    private static final Shape REGISTER = Shape.of(
            KinesisMembers.STREAM_ARN.required(), KinesisMembers.CONSUMER_NAME.required(), KinesisMembers.TAGS);
    private static final Shape CONSUMER =
            Shape.of(KinesisMembers.CONSUMER_ARN, KinesisMembers.CONSUMER_NAME, KinesisMembers.STREAM_ARN);

    private final EmbeddedStreams streams;
    private final StreamNames names;

    Consumers(EmbeddedStreams streams, StreamNames names) {
        this.streams = streams;
        this.names = names;
    }

    List<Operation<Action>> operations() {
        return List.of(
                Action.operation("RegisterStreamConsumer", REGISTER, this::register),
                Action.operation("DeregisterStreamConsumer", CONSUMER, this::deregister),
                Action.operation("DescribeStreamConsumer", CONSUMER, this::describe));
    }

    private void register(Members request, ResponseWriter response) {
        String name = request.require(KinesisMembers.CONSUMER_NAME);
        StreamInfo stream = names.existing(names.nameIn(request.require(KinesisMembers.STREAM_ARN)));
        StreamConsumer registered =
                streams.consumers().register(stream.name(), name, request.get(KinesisMembers.TAGS, Map.of()));
        response.object("Consumer", () -> write(response, registered));
    }

    private void deregister(Members request, ResponseWriter response) {
        streams.consumers().deregister(existing(request).arn());
    }

    private void describe(Members request, ResponseWriter response) {
        StreamConsumer consumer = existing(request);
        response.object("ConsumerDescription", () -> {
            write(response, consumer);
            response.text("StreamARN", consumer.streamArn());
        });
    }

    static void write(ResponseWriter response, StreamConsumer consumer) {
        response.text("ConsumerName", consumer.name())
                .text("ConsumerARN", consumer.arn())
                .text("ConsumerStatus", StreamDescriptions.ACTIVE)
                .time("ConsumerCreationTimestamp", consumer.created().truncatedTo(ChronoUnit.SECONDS));
    }

    /** By its own ARN, or by its name and its stream's ARN; if all are given they must agree. */
    private StreamConsumer existing(Members request) {
        String arn = request.get(KinesisMembers.CONSUMER_ARN);
        String name = request.get(KinesisMembers.CONSUMER_NAME);
        String streamArn = request.get(KinesisMembers.STREAM_ARN);
        String stream = streamArn == null ? null : names.nameIn(streamArn);
        StreamConsumer consumer;
        if (arn != null) {
            consumer = byArn(arn);
        } else if (name != null && stream != null) {
            consumer = byName(stream, name);
        } else {
            throw KinesisErrors.invalidArgument(
                    "Either ConsumerARN or both StreamARN and ConsumerName must be provided.");
        }
        if (disagrees(name, consumer.name()) || disagrees(streamArn, consumer.streamArn())) {
            throw KinesisErrors.invalidArgument(
                    "ConsumerARN, StreamARN and ConsumerName do not name the same consumer.");
        }
        return consumer;
    }

    private static boolean disagrees(@Nullable String given, String actual) {
        return given != null && !given.equals(actual);
    }

    private StreamConsumer byName(String stream, String name) {
        StreamInfo existing = names.existing(stream);
        StreamConsumers consumers = streams.consumers();
        try {
            return consumers.describe(existing.name(), name);
        } catch (StreamRequestException e) {
            throw names.consumerNotFound(name);
        }
    }

    /** The consumer of that ARN; not one registered later under its name. */
    StreamConsumer byArn(String arn) {
        try {
            return streams.consumers().describe(arn);
        } catch (StreamRequestException e) {
            throw names.consumerNotFound(arn);
        }
    }
}
