package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.model.DamagedShardException;
import io.shardmill.embedded.model.ShardPage;
import io.shardmill.embedded.model.StreamRequestException;
import io.shardmill.function.Record;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Reads a shard once, from a position, without a reader that stays. */
public final class DirectRead {

    private final ShardLog shard;
    private final Position from;
    private final LogReader reader;
    private final Clock clock;

    private DirectRead(ShardLog shard, Position from, LogReader reader, Clock clock) {
        this.shard = shard;
        this.from = from;
        this.reader = reader;
        this.clock = clock;
    }

    public static DirectRead of(ShardLog shard, Position from, RecoveryLog recoveryLog, Clock clock) {
        return new DirectRead(shard, from, new LogReader(shard, from, () -> {}, recoveryLog), clock);
    }

    public ShardPage page(int maxRecords, int maxBytes) {
        ReadResult result = reader.read(maxRecords, maxBytes);
        while (result instanceof ReadResult.Trimmed) {
            result = reader.read(maxRecords, maxBytes);
        }
        if (result instanceof ReadResult.Records found) {
            return pageOf(found.records());
        }
        if (result instanceof ReadResult.Nothing) {
            return new ShardPage(List.of(), Optional.of(from), 0);
        }
        if (result instanceof ReadResult.ShardEnded) {
            return new ShardPage(List.of(), Optional.empty(), 0);
        }
        if (result instanceof ReadResult.StreamGone && !shard.isGone()) {
            throw StreamRequestException.invalid(from + ": must be a position in shard " + shard.shard());
        }
        if (result instanceof ReadResult.StreamGone) {
            throw StreamRequestException.noStream(shard.shard().stream());
        }
        throw new DamagedShardException(((ReadResult.Unavailable) result).reason());
    }

    private ShardPage pageOf(List<Record> records) {
        Record last = records.get(records.size() - 1);
        long behind = reader.isAtTip() ? 0 : Math.max(0, clock.millis() - last.approximateArrivalMillis());
        return new ShardPage(records, Optional.of(Position.after(last.sequenceNumber())), behind);
    }
}
