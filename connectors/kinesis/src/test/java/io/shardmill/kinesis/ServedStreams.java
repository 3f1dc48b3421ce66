package io.shardmill.kinesis;

import io.shardmill.aws.http.AwsEndpoint;
import io.shardmill.aws.http.EndpointServer;
import io.shardmill.aws.kinesis.KinesisService;
import io.shardmill.aws.kinesis.KinesisSettings;
import io.shardmill.aws.kinesis.SettableClock;
import io.shardmill.aws.protocol.UnsupportedSettings;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import io.shardmill.function.PutEntry;
import io.shardmill.function.SequenceNumber;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** Embedded streams on a clock of the test's, behind Kinesis's interface, and the connector that speaks to them. */
final class ServedStreams implements AutoCloseable {

    final SettableClock clock = new SettableClock();
    final EmbeddedStreams streams = EmbeddedStreams.temporary(clock);
    private final EndpointServer server;

    /** A new subscription may replace an earlier one soon. */
    ServedStreams() {
        this.server = serve(new KinesisSettings(new FastClock(clock), false, false, UnsupportedSettings.REFUSED));
    }

    /** Shards have Kinesis's limits, by the clock of the streams. */
    static ServedStreams limited() {
        return new ServedStreams(true);
    }

    private ServedStreams(boolean isLimited) {
        this.server = serve(new KinesisSettings(clock, isLimited, false, UnsupportedSettings.REFUSED));
    }

    private EndpointServer serve(KinesisSettings settings) {
        return new EndpointServer(dated(new AwsEndpoint(List.of(new KinesisService(streams, settings)))));
    }

    /** Answers are dated by the clock that records are stamped by, as Kinesis's are. */
    private Filter dated(Filter endpoint) {
        return (request, response, chain) -> {
            String date =
                    DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.instant().atOffset(ZoneOffset.UTC));
            ((HttpServletResponse) response).setHeader("Date", date);
            endpoint.doFilter(request, response, chain);
        };
    }

    KinesisLocation location() {
        return new KinesisLocation(
                Region.US_EAST_1,
                server.uri(),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")),
                true);
    }

    private ShardInfo info(String stream, String shard) {
        return streams.describe(stream).shards().stream()
                .filter(info -> info.id().equals(shard))
                .findFirst()
                .orElseThrow();
    }

    /** Puts into an open shard. */
    SequenceNumber put(String stream, String shard, byte[] data) {
        PutEntry entry =
                PutEntry.of("key", data).withExplicitHashKey(info(stream, shard).startingHashKey());
        return streams.put(stream, entry).sequenceNumber();
    }

    /** Splits a shard in the middle of its hash keys. */
    void split(String stream, String shard) {
        ShardInfo info = info(stream, shard);
        streams.splitShard(
                stream, shard, info.startingHashKey().add(info.endingHashKey()).shiftRight(1));
    }

    KinesisStreams connect(Map<String, KinesisStream> named) {
        return new KinesisStreams(named, location(), streams.scope(), InstantSource.system(), ReadObserver.NONE);
    }

    @Override
    public void close() {
        server.close();
        streams.close();
    }
}
