package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Members;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import io.shardmill.embedded.model.StreamRequestException;
import io.shardmill.runtime.arn.AwsScope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which stream a request means, by its StreamName, its StreamARN, or both. */
final class StreamNames {

    private final EmbeddedStreams streams;
    private final AwsScope scope;

    StreamNames(EmbeddedStreams streams) {
        this.streams = streams;
        this.scope = streams.scope();
    }

    /** The account that all streams are under. */
    String account() {
        return scope.accountId();
    }

    String region() {
        return scope.region();
    }

    String arnOf(String stream) {
        return scope.streamArn(stream);
    }

    /**
     * The name of the stream that is meant, which need not exist.
     *
     * @throws AwsException if it is not said, or said badly or in two ways
     */
    String name(Members request) {
        String name = request.get(KinesisMembers.STREAM_NAME);
        String arn = request.get(KinesisMembers.STREAM_ARN);
        if (arn == null) {
            if (name == null) {
                throw KinesisErrors.invalidArgument("Either StreamName or StreamARN must be provided.");
            }
            return name;
        }
        String named = nameIn(arn);
        if (name != null && !name.equals(named)) {
            throw KinesisErrors.invalidArgument(
                    "StreamName " + name + " and StreamARN " + arn + " do not name the same stream.");
        }
        return named;
    }

    /** Returns the name in a stream's ARN; the stream need not exist. */
    String nameIn(String arn) {
        String name = arn.substring(arn.lastIndexOf('/') + 1);
        if (!arn.equals(arnOf(name))) {
            throw KinesisErrors.notFound("Stream " + arn + " under account " + account() + " not found.");
        }
        return name;
    }

    /**
     * The stream that is meant, as it is now.
     *
     * @throws AwsException also if there is none of that name
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
     * @throws AwsException if the stream was created in another second
     */
    void requireCreation(StreamInfo stream, @Nullable Instant created) {
        if (created != null
                && created.getEpochSecond() != stream.config().created().getEpochSecond()) {
            throw notFound(stream.name());
        }
    }

    AwsException notFound(String name) {
        return KinesisErrors.notFound("Stream " + name + " under account " + account() + " not found.");
    }

    /** @param nameOrArn of the consumer; an ARN's last part is its name and when it was registered */
    AwsException consumerNotFound(String nameOrArn) {
        String consumer = nameOrArn.substring(nameOrArn.lastIndexOf('/') + 1);
        return KinesisErrors.notFound("Consumer " + consumer + ", account " + account() + " not found.");
    }

    /**
     * The shard that is meant.
     *
     * @throws AwsException if the stream has none of that id, or not any more
     */
    ShardInfo existingShard(StreamInfo stream, String shardId) {
        return stream.shards().stream()
                .filter(shard -> shard.id().equals(shardId))
                .findFirst()
                .orElseThrow(() -> KinesisErrors.notFound("Shard " + shardId + " in stream " + stream.name()
                        + " under account " + account() + " does not exist"));
    }
}
