package io.shardmill.aws.kinesis;

import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import io.shardmill.embedded.model.StreamRequestException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which stream a request means, by its StreamName, its StreamARN, or both. */
final class StreamNames {

    private final EmbeddedStreams streams;
    private final String arnPrefix;
    private final String account;

    StreamNames(EmbeddedStreams streams) {
        this.streams = streams;
        String arn = streams.find("any").orElseThrow().arn();
        this.arnPrefix = arn.substring(0, arn.lastIndexOf('/') + 1);
        this.account = arn.split(":", -1)[4];
    }

    /** The account that all streams are under. */
    String account() {
        return account;
    }

    String region() {
        return arnPrefix.split(":", -1)[3];
    }

    String arnOf(String stream) {
        return arnPrefix + stream;
    }

    /**
     * The name of the stream that is meant, which need not exist.
     *
     * @throws KinesisException if it is not said, or said badly or in two ways
     */
    String name(Members request) {
        return name(request.text("StreamName"), request.text("StreamARN"), new Constraints());
    }

    /** The same, telling what else is broken in the request with it. */
    String name(@Nullable String name, @Nullable String arn, Constraints constraints) {
        constraints
                .length("streamName", name, 1, 128)
                .matches("streamName", name, Constraints.STREAM_NAME)
                .length("streamARN", arn, 1, 2048)
                .matches("streamARN", arn, Constraints.STREAM_ARN)
                .check();
        if (arn == null) {
            if (name == null) {
                throw KinesisException.invalidArgument("Either StreamName or StreamARN must be provided.");
            }
            return name;
        }
        String meant = arn.substring(arn.lastIndexOf('/') + 1);
        if (!arn.equals(arnOf(meant))) {
            throw KinesisException.notFound("Stream " + arn + " under account " + account + " not found.");
        }
        if (name != null && !name.equals(meant)) {
            throw KinesisException.invalidArgument(
                    "StreamName " + name + " and StreamARN " + arn + " do not name the same stream.");
        }
        return meant;
    }

    /**
     * The stream that is meant, as it is now.
     *
     * @throws KinesisException also if there is none of that name
     */
    StreamInfo existing(Members request) {
        return existing(name(request));
    }

    /** All streams' names, sorted. */
    List<String> all() {
        return streams.list();
    }

    /** Those of the streams that are still there. */
    List<StreamInfo> infos(List<String> some) {
        return some.stream().flatMap(name -> find(name).stream()).toList();
    }

    /** Empty if there is none of that name. */
    Optional<StreamInfo> find(String name) {
        try {
            return Optional.of(streams.describe(name));
        } catch (StreamRequestException deleted) {
            return Optional.empty();
        }
    }

    StreamInfo existing(String name) {
        return find(name).orElseThrow(() -> notFound(name));
    }

    /**
     * The time, if it is given, tells a stream from another that has had its name.
     *
     * @throws KinesisException if the stream was created in another second
     */
    void requireCreation(StreamInfo stream, @Nullable Instant created) {
        if (created != null
                && created.getEpochSecond() != stream.config().created().getEpochSecond()) {
            throw notFound(stream.name());
        }
    }

    KinesisException notFound(String name) {
        return KinesisException.notFound("Stream " + name + " under account " + account + " not found.");
    }

    /** @param nameOrArn of the consumer; an ARN's last part is its name and when it was registered */
    KinesisException consumerNotFound(String nameOrArn) {
        String consumer = nameOrArn.substring(nameOrArn.lastIndexOf('/') + 1);
        return KinesisException.notFound("Consumer " + consumer + ", account " + account + " not found.");
    }

    /**
     * The shard that is meant.
     *
     * @throws KinesisException if the stream has none of that id, or not any more
     */
    ShardInfo existingShard(StreamInfo stream, String shardId) {
        return stream.shards().stream()
                .filter(shard -> shard.id().equals(shardId))
                .findFirst()
                .orElseThrow(() -> KinesisException.notFound("Shard " + shardId + " in stream " + stream.name()
                        + " under account " + account + " does not exist"));
    }
}
