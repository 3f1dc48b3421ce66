package io.shardmill.poller.testkit;

import io.shardmill.poller.stream.ForwardingSource;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import io.shardmill.poller.stream.StreamSource;
import java.time.Duration;
import java.util.OptionalLong;

/** A stream whose iterators expire when they are not used for a while, and whose reader renews them as Kinesis's does. */
public final class ExpiringStream extends ForwardingSource {

    private final StreamSource stream;
    private final VirtualTime time;
    private final Duration life;
    private int renewals;

    public ExpiringStream(StreamSource stream, VirtualTime time, Duration life) {
        super(stream);
        this.stream = stream;
        this.time = time;
        this.life = life;
    }

    /** How many iterators have expired. */
    public int renewals() {
        return renewals;
    }

    @Override
    public ShardReader open(String shardId, Position from, Runnable wake) {
        return new Reader(shardId, from, wake);
    }

    private final class Reader implements ShardReader {

        private final String shard;
        private final Runnable wake;
        private Position position;
        private ShardReader iterator;
        private long usedMillis = time.millis();

        Reader(String shard, Position from, Runnable wake) {
            this.shard = shard;
            this.wake = wake;
            this.position = from;
            this.iterator = stream.open(shard, from, wake);
        }

        @Override
        public ReadResult read(int maxRecords, int maxBytes) {
            boolean expired = time.millis() - usedMillis > life.toMillis();
            usedMillis = time.millis();
            if (expired) {
                renewals++;
                iterator.close();
                iterator = stream.open(shard, position, wake);
                return new ReadResult.Unavailable("ExpiredIteratorException", Duration.ofMillis(200));
            }
            ReadResult result = iterator.read(maxRecords, maxBytes);
            if (result instanceof ReadResult.Records records) {
                int last = records.records().size() - 1;
                position = Position.after(records.records().get(last).sequenceNumber());
            }
            return result;
        }

        @Override
        public OptionalLong recordsBehind() {
            return iterator.recordsBehind();
        }

        @Override
        public void close() {
            iterator.close();
        }
    }
}
