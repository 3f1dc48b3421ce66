package io.shardmill.kinesis;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;

/**
 * Reads a shard with GetRecords. One request is under way at most: the next page is asked for when the engine has taken the whole
 * of the last one, and at the shard's tip after a pause.
 */
final class PollingReader extends KinesisReader {

    private static final int MAX_RECORDS = 10_000;
    private static final long PAGE_BYTES = 4 << 20;
    private static final long SMALL_PAGE_BYTES = 64 << 10;

    private final ShardRequests requests;
    private final ShardQuota quota;
    private final Polling polling;
    private @Nullable String iterator;
    private long idleMillis;

    /** Of the records of the last page that had some. */
    private long averageBytes = 1_000;

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
        request();
    }

    @Override
    void reset() {
        isAsking = false;
        iterator = null;
    }

    /** Each read waits for its turn, also the first with an iterator: that took a while to come. */
    private void request() {
        if (iterator != null) {
            at(quota.take(environment().millis()), this::getRecords);
        } else {
            onAnswer(requests.iterator(shard().id(), reading().next()), this::locate);
        }
    }

    private void locate(String found) {
        iterator = found;
        request();
    }

    private void getRecords() {
        int asked = questions();
        int limit = limit();
        long expected = limit * averageBytes;
        environment().readAhead().hold(expected);
        CompletableFuture<GetRecordsResponse> page = requests.records(Objects.requireNonNull(iterator), limit)
                .whenComplete((answer, thrown) -> environment().readAhead().hold(-expected));
        onAnswer(page, answer -> accept(answer, asked));
    }

    /** Returns how many records may come: a full page, or a small one while all readers together hold much. */
    private int limit() {
        long page = environment().readAhead().hasRoom() ? PAGE_BYTES : SMALL_PAGE_BYTES;
        return (int) Math.max(1, Math.min(MAX_RECORDS, page / averageBytes));
    }

    /** @param asked the questions of the engine when the request was made */
    private void accept(GetRecordsResponse answer, int asked) {
        List<Record> records = answer.records();
        long behind = answer.millisBehindLatest() == null ? 0 : answer.millisBehindLatest();
        boolean isIdle = records.isEmpty() && behind == 0;
        long bytes = accept(records, behind, isIdle && asked == questions());
        quota.spend(bytes, environment().millis());
        averageBytes = records.isEmpty() ? averageBytes : Math.max(1, bytes / records.size());
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
