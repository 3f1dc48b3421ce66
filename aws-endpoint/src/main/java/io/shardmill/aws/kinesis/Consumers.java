package io.shardmill.aws.kinesis;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.StreamConsumers;
import io.shardmill.embedded.model.StreamConsumer;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamRequestException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** RegisterStreamConsumer, DeregisterStreamConsumer and DescribeStreamConsumer. A consumer is active at once. */
final class Consumers {

    static final ArnPattern CONSUMER_ARN = ArnPattern.of(
            "^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+");
    private static final int MAX_TAGS = 200;

    private final EmbeddedStreams streams;
    private final StreamNames names;

    Consumers(EmbeddedStreams streams, StreamNames names) {
        this.streams = streams;
        this.names = names;
    }

    void register(Members request, Reply reply) {
        String arn = request.text("StreamARN");
        String name = request.text("ConsumerName");
        Map<String, String> tags = request.textMap("Tags");
        Constraints constraints = new Constraints()
                .required("streamARN", arn)
                .required("consumerName", name)
                .length("consumerName", name, 1, 128)
                .matches("consumerName", name, Constraints.STREAM_NAME);
        if (request.has("Tags")) {
            constraints.count("tags", tags.size(), 1, MAX_TAGS);
        }
        StreamInfo stream = names.existing(names.name(null, arn, constraints));
        String checked = String.valueOf(name);
        if (streams.consumers().list(stream.name()).stream()
                .anyMatch(each -> each.name().equals(checked))) {
            throw KinesisException.of(
                    "ResourceInUseException",
                    "Consumer " + checked + " under stream " + stream.name() + " already exists for account "
                            + names.account() + ".");
        }
        StreamConsumer registered = streams.consumers().register(stream.name(), checked, tags);
        reply.object("Consumer", () -> write(reply, registered));
    }

    void deregister(Members request, Reply reply) {
        streams.consumers().deregister(existing(request).arn());
    }

    void describe(Members request, Reply reply) {
        StreamConsumer consumer = existing(request);
        reply.object("ConsumerDescription", () -> {
            write(reply, consumer);
            reply.text("StreamARN", consumer.streamArn());
        });
    }

    static void write(Reply reply, StreamConsumer consumer) {
        reply.text("ConsumerName", consumer.name())
                .text("ConsumerARN", consumer.arn())
                .text("ConsumerStatus", StreamDescriptions.ACTIVE)
                .time("ConsumerCreationTimestamp", consumer.created().truncatedTo(ChronoUnit.SECONDS));
    }

    /** By its own ARN, or by its name and its stream's ARN; if all are given they must agree. */
    private StreamConsumer existing(Members request) {
        String arn = request.text("ConsumerARN");
        String name = request.text("ConsumerName");
        String streamArn = request.text("StreamARN");
        Constraints constraints = new Constraints()
                .length("consumerARN", arn, 1, 2048)
                .matches("consumerARN", arn, CONSUMER_ARN)
                .length("consumerName", name, 1, 128)
                .matches("consumerName", name, Constraints.STREAM_NAME);
        if (arn == null && (name == null || streamArn == null)) {
            constraints.check();
            throw KinesisException.invalidArgument(
                    "Either ConsumerARN or both StreamARN and ConsumerName must be provided.");
        }
        String stream = streamArn == null ? null : names.name(null, streamArn, constraints);
        constraints.check();
        StreamConsumer consumer = arn == null ? byName(String.valueOf(stream), String.valueOf(name)) : byArn(arn);
        if (disagrees(name, consumer.name()) || disagrees(streamArn, consumer.streamArn())) {
            throw KinesisException.invalidArgument(
                    "ConsumerARN, StreamARN and ConsumerName do not name the same consumer.");
        }
        return consumer;
    }

    private static boolean disagrees(@Nullable String given, String actual) {
        return given != null && !given.equals(actual);
    }

    private StreamConsumer byName(String stream, String name) {
        names.existing(stream);
        StreamConsumers consumers = streams.consumers();
        try {
            return consumers.describe(stream, name);
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
