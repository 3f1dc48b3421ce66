package io.shardmill.embedded.internal.log;

import io.shardmill.embedded.internal.metadata.StreamFolder;
import io.shardmill.embedded.model.Durability;
import io.shardmill.embedded.model.StreamRequestException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the puts that wait at one moment: one write, and where promised one fsync, for each shard they
 * touch, whatever the number of writers. Used by the log thread only.
 */
final class GroupCommit implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    private final Durability durability;
    private final Clock clock;
    private final StreamFolder folder;
    private final OpenSegmentLimit open;
    private final WriteBuffer buffer = new WriteBuffer();
    private final ShardForcer forcer = new ShardForcer();
    private final List<ShardAppender> touched = new ArrayList<>();

    /** @param folder where new segments are noted before they are written */
    GroupCommit(Durability durability, Clock clock, StreamFolder folder, OpenSegmentLimit open) {
        this.durability = durability;
        this.clock = clock;
        this.folder = folder;
        this.open = open;
    }

    void commit(List<PutRequest> group) {
        try {
            group.forEach(this::stage);
            long now = clock.millis();
            for (int from = 0; from < touched.size(); from += open.max()) {
                write(touched.subList(from, Math.min(from + open.max(), touched.size())), now);
            }
            touched.forEach(ShardAppender::settle);
        } catch (RuntimeException | Error e) {
            touched.forEach(shard -> abandon(shard, e));
            group.forEach(request -> request.fail(e));
            LOG.error("A group of {} puts failed in a way that was not foreseen", group.size(), e);
        } finally {
            touched.forEach(shard -> shard.log().wakeReaders());
            touched.clear();
        }
        group.forEach(PutRequest::complete);
    }

    /** Writes as many shards as may have open files at once. */
    private void write(List<ShardAppender> shards, long now) {
        noteNewSegments(shards.stream()
                .map(shard -> shard.prepare(now))
                .filter(Objects::nonNull)
                .toList());
        for (ShardAppender shard : shards) {
            shard.write(buffer);
        }
        if (durability == Durability.MACHINE) {
            forcer.force(shards);
        }
    }

    private void noteNewSegments(List<SegmentRoll> rolls) {
        if (rolls.isEmpty()) {
            return;
        }
        try {
            folder.append(rolls.stream().map(SegmentRoll::change).toList());
        } catch (IOException e) {
            rolls.forEach(roll -> roll.shard().notNoted(roll, e));
            return;
        }
        rolls.forEach(roll -> roll.shard().noted(roll));
    }

    /** Takes the shard's part back; a failure, even for lack of memory, must not keep the others' from it. */
    private static void abandon(ShardAppender shard, Throwable problem) {
        try {
            shard.abandon(problem);
        } catch (RuntimeException | Error again) {
            problem.addSuppressed(again);
        }
    }

    @Override
    public void close() {
        forcer.close();
    }

    private void stage(PutRequest request) {
        if (request.stream().isDeleted()) {
            request.fail(StreamRequestException.noStream(request.stream().name()));
            return;
        }
        if (request.stream().isClosed()) {
            request.fail(StreamRequestException.closed(request.stream().name()));
            return;
        }
        Routing routing = request.stream().routing();
        for (StagedRecord entry : request.records()) {
            ShardAppender shard = routing.shardFor(entry.hashHigh(), entry.hashLow());
            if (shard.stage(entry)) {
                touched.add(shard);
            }
        }
    }
}
