package io.shardmill.embedded.model;

import io.shardmill.function.Record;
import io.shardmill.poller.stream.Position;
import java.util.List;
import java.util.Optional;

/**
 * Answers one direct read of a shard, as Kinesis's GetRecords does.
 *
 * @param records possibly none
 * @param next where to read on; empty at the end of a closed shard
 * @param millisBehindLatest how old the last record given is if there are more, else 0
 */
public record ShardPage(List<Record> records, Optional<Position> next, long millisBehindLatest) {

    public ShardPage {
        records = List.copyOf(records);
    }
}
