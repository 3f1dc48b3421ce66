package io.shardmill.kinesis;

import io.shardmill.poller.stream.Position;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;

/**
 * Reads a shard with GetRecords. One request is under way at most: the next page is asked for when the engine has taken the whole
 * of the last one, and at the shard's tip after a pause.
 */
final class PollingReader extends KinesisReader {

    private static final int MAX_RECORDS = 10_000;

    private final ShardRequests requests;
    private final ShardQuota quota;
    private final Polling polling;
    private @Nullable String iterator;
    private long idleMillis;
    private boolean isAsking;

    PollingReader(ReadShard read, ShardQuota quota, Polling polling, RecordReading reading, Runnable wake) {
        super(read, reading, wake);
        this.requests = read.existence().requests();
        this.quota = quota;
        this.polling = polling;
        this.idleMillis = polling.minimumIdle().toMillis();
    }

    @Override
    void ask() {
        if (!isAsking) {
            isAsking = true;
            askAgain();
        }
    }

    @Override
    void askAgain() {
        at(environment().millis(), this::request);
    }

    @Override
    void rest() {
        isAsking = false;
        iterator = null;
    }

    /** Each read waits for its turn, also the first with an iterator: that took a while to come. */
    private void request() {
        if (iterator != null) {
            at(quota.take(environment().millis()), this::getRecords);
        } else if (reading().next() instanceof Position.AtTimestamp from
                && from.timestamp().toEpochMilli() > environment().millis()) {
            acceptTip(); // Kinesis refuses a time to come
            at(from.timestamp().toEpochMilli(), this::request);
        } else {
            when(requests.iterator(shard().id(), reading().next()), this::locate);
        }
    }

    private void locate(String found) {
        iterator = found;
        request();
    }

    private void getRecords() {
        int asked = questions();
        when(requests.records(Objects.requireNonNull(iterator), MAX_RECORDS), answer -> accept(answer, asked));
    }

    /** @param asked the questions of the engine when the request was made */
    private void accept(GetRecordsResponse answer, int asked) {
        List<Record> records = answer.records();
        long behind = answer.millisBehindLatest() == null ? 0 : answer.millisBehindLatest();
        boolean isIdle = records.isEmpty() && behind == 0;
        accept(records, behind, isIdle && asked == questions());
        quota.spend(bytes(records), environment().millis());
        isAsking = false;
        iterator = answer.nextShardIterator();
        if (iterator == null) {
            acceptEnd(answer.childShards());
        } else if (isIdle) {
            pause();
        } else {
            idleMillis = polling.minimumIdle().toMillis();
            if (hasRoom()) {
                ask();
            }
        }
    }

    private void pause() {
        isAsking = true;
        at(environment().millis() + idleMillis, this::askAgain);
        idleMillis = Math.min(Math.max(1, 2 * idleMillis), polling.maximumIdle().toMillis());
    }
}
