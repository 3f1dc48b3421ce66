package io.shardmill.embedded;

import io.shardmill.embedded.internal.log.LiveStream;
import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.ShardStart;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamDescription;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a stream under a registered consumer's ARN, as long as the consumer is registered. Afterwards it behaves as if
 * the stream were deleted.
 */
record ConsumerSource(ConsumerArn consumer, EmbeddedSource stream, LiveStreams streams) implements StreamSource {

    @Override
    public String arn() {
        return consumer.toString();
    }

    @Override
    public StreamDescription describe() {
        requireRegistered();
        return stream.describe();
    }

    @Override
    public Map<String, ShardStart> starts(StartingPosition position) {
        requireRegistered();
        return stream.starts(position);
    }

    private void requireRegistered() {
        if (!isRegistered()) {
            throw new StreamNotFoundException("there is no registered consumer " + consumer);
        }
    }

    private boolean isRegistered() {
        LiveStream live = streams.find(stream.name());
        return live != null && live.meta().consumers().stream().anyMatch(consumer::isOf);
    }

    @Override
    public Optional<String> shardHolding(SequenceNumber number) {
        return stream.shardHolding(number);
    }

    @Override
    public ShardReader open(String shardId, Position from, Runnable wake) {
        return new ConsumerReader(stream.open(shardId, from, wake));
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return stream.onChange(listener);
    }

    private final class ConsumerReader implements ShardReader {

        private final ShardReader reader;

        ConsumerReader(ShardReader reader) {
            this.reader = reader;
        }

        /** Checks the consumer after the read: deregistering it wakes readers that found nothing. */
        @Override
        public ReadResult read(int maxRecords, int maxBytes) {
            ReadResult result = reader.read(maxRecords, maxBytes);
            return isRegistered() || result instanceof ReadResult.Unavailable ? result : new ReadResult.StreamGone();
        }

        @Override
        public OptionalLong recordsBehind() {
            return reader.recordsBehind();
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
