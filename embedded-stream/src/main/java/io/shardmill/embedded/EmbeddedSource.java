package io.shardmill.embedded;

import io.shardmill.embedded.internal.log.LiveStream;
import io.shardmill.embedded.internal.log.LogThread;
import io.shardmill.embedded.internal.log.ShardAppender;
import io.shardmill.embedded.internal.log.ShardLog;
import io.shardmill.embedded.internal.metadata.ShardMeta;
import io.shardmill.embedded.internal.metadata.StreamMeta;
import io.shardmill.embedded.model.StreamRequestException;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.ShardStart;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads a stream for the poller by its name; the stream may be created, deleted and created again. */
final class EmbeddedSource implements StreamSource {

    private final String name;
    private final String arn;
    private final LiveStreams streams;
    private final LogThread thread;

    EmbeddedSource(String name, String arn, LiveStreams streams, LogThread thread) {
        this.name = name;
        this.arn = arn;
        this.streams = streams;
        this.thread = thread;
    }

    String name() {
        return name;
    }

    @Override
    public String arn() {
        return arn;
    }

    @Override
    public StreamDescription describe() {
        StreamMeta meta = stream().meta();
        return new StreamDescription(
                meta.incarnation().toString(),
                meta.shards().stream()
                        .map(shard -> new StreamDescription.ShardDescription(shard.id(), shard.parentIds()))
                        .toList());
    }

    private LiveStream stream() {
        LiveStream stream = streams.find(name);
        if (stream == null) {
            throw new StreamNotFoundException(StreamRequestException.adviceOnMissing(name));
        }
        return stream;
    }

    /** On the log thread, so that the listing and the tips belong together. */
    @Override
    public Map<String, ShardStart> starts(StartingPosition position) {
        return thread.call(() -> {
            Map<String, ShardStart> starts = new LinkedHashMap<>();
            for (ShardAppender shard : stream().shards()) {
                starts.put(shard.log().shard().id(), startOf(shard.log(), position));
            }
            return starts;
        });
    }

    private static ShardStart startOf(ShardLog log, StartingPosition position) {
        if (position instanceof StartingPosition.TrimHorizon) {
            return ShardStart.from(Position.trimHorizon());
        }
        boolean open = log.meta().isOpen();
        if (position instanceof StartingPosition.Latest) {
            return open ? ShardStart.from(Position.after(log.tipNumber())) : ShardStart.SKIP;
        }
        if (position instanceof StartingPosition.AtTimestamp at) {
            boolean allOlder = log.tip().millis() < at.timestamp().toEpochMilli();
            return !open && allOlder ? ShardStart.SKIP : ShardStart.from(Position.atTimestamp(at.timestamp()));
        }
        throw new IllegalStateException("unknown starting position " + position);
    }

    @Override
    public Optional<String> shardHolding(SequenceNumber number) {
        LiveStream stream = streams.find(name);
        return stream == null
                ? Optional.empty()
                : stream.meta().shards().stream()
                        .filter(shard -> shard.numbers().isOurs(number))
                        .map(ShardMeta::id)
                        .findFirst();
    }

    @Override
    public ShardReader open(String shardId, Position from, Runnable wake) {
        LiveStream stream = streams.find(name);
        if (stream == null) {
            return new EndedReader(new ReadResult.StreamGone());
        }
        ShardLog shard = stream.shard(shardId);
        if (shard != null) {
            return shard.open(from, wake, streams.recoveryLog());
        }
        return new EndedReader(
                stream.meta().hasHad(shardId) ? new ReadResult.ShardEnded() : new ReadResult.StreamGone());
    }

    /** Answers for a shard that has expired or never existed. */
    private record EndedReader(ReadResult answer) implements ShardReader {

        @Override
        public ReadResult read(int maxRecords, int maxBytes) {
            return answer;
        }

        @Override
        public OptionalLong recordsBehind() {
            return answer instanceof ReadResult.ShardEnded ? OptionalLong.of(0) : OptionalLong.empty();
        }

        @Override
        public void close() {}
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return streams.listeners().add(name, listener);
    }
}
