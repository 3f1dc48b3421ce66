package io.shardmill.kinesis;

import io.shardmill.function.Shard;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;

/**
 * Reads a shard with GetRecords. One request is under way at most: the next page is asked for when the engine has taken the whole
 * of the last one, and at the shard's tip after a pause. The engine's thread calls it, and the threads of the client
 * and of the timer.
 */
final class PollingReader implements ShardReader {

    private static final int MAX_RECORDS = 10_000;

    /** So often a fault is nobody's concern, and a throttle, which other readers of the shard may cause. */
    private static final int FAULTS_UNTOLD = 3;

    private static final int THROTTLES_UNTOLD = 10;
    private static final Duration REFUSED = Duration.ofSeconds(5);

    private final Shard shard;
    private final ShardRequests requests;
    private final Existence existence;
    private final ShardQuota quota;
    private final Polling polling;
    private final ReadEnvironment environment;
    private final ShardEvents events;
    private final Runnable wake;
    private final Arrivals arrivals;
    private final RecordReading reading;
    private @Nullable String iterator;
    private long idleMillis;
    private int failures;
    private boolean isAsking;
    private boolean isClosed;

    PollingReader(PolledShard polled, RecordReading reading, Runnable wake) {
        this.shard = polled.shard();
        this.requests = polled.existence().requests();
        this.existence = polled.existence();
        this.quota = polled.quota();
        this.polling = polled.polling();
        this.environment = polled.environment();
        this.events = polled.events();
        this.wake = wake;
        this.arrivals = new Arrivals(environment.readAhead());
        this.reading = reading;
        this.idleMillis = polling.minimumIdle().toMillis();
    }

    @Override
    public synchronized ReadResult read(int maxRecords, int maxBytes) {
        if (arrivals.isEmpty()) {
            ask();
        }
        ReadResult next = arrivals.next(maxRecords, maxBytes);
        if (next instanceof ReadResult.Records
                && arrivals.isEmpty()
                && environment.readAhead().hasRoom()) {
            ask();
        }
        return next;
    }

    /** Kinesis says how many milliseconds a reader is behind, and not how many records. */
    @Override
    public OptionalLong recordsBehind() {
        return OptionalLong.empty();
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        arrivals.clear();
    }

    private void ask() {
        if (!isAsking) {
            isAsking = true;
            request();
        }
    }

    private void request() {
        try {
            send();
        } catch (RuntimeException unsent) {
            fail(Failure.of(unsent));
        }
    }

    private void send() {
        if (iterator != null) {
            at(quota.take(environment.millis()), this::getRecords);
        } else if (reading.next() instanceof Position.AtTimestamp from
                && from.timestamp().toEpochMilli() > environment.millis()) {
            arrivals.tip(true); // Kinesis refuses a time to come
            at(from.timestamp().toEpochMilli(), this::request);
        } else {
            when(requests.iterator(shard.id(), reading.next()), this::locate);
        }
    }

    private void at(long due, Runnable task) {
        long wait = due - environment.millis();
        if (wait <= 0) {
            task.run();
        } else {
            environment.timer().after(wait, () -> settle(task));
        }
    }

    private void getRecords() {
        when(requests.records(Objects.requireNonNull(iterator), MAX_RECORDS), this::accept);
    }

    private <T> void when(CompletableFuture<T> call, Consumer<T> step) {
        CompletableFuture<T> unused = call.whenComplete((answer, thrown) -> settle(() -> {
            if (thrown == null) {
                step.accept(answer);
            } else {
                fail(Failure.of(thrown));
            }
        }));
    }

    private void settle(Runnable step) {
        boolean isNews;
        synchronized (this) {
            if (isClosed) {
                return;
            }
            try {
                step.run();
            } catch (RuntimeException unusable) {
                fail(Failure.of(unusable));
            }
            isNews = arrivals.isNews();
        }
        if (isNews) {
            wake.run();
        }
    }

    private void locate(String found) {
        iterator = found;
        request();
    }

    private void accept(GetRecordsResponse answer) {
        List<Record> records = answer.records();
        arrivals.add(reading.read(records));
        isAsking = false;
        failures = 0;
        long bytes = records.stream()
                .mapToLong(record -> record.data().asByteArrayUnsafe().length)
                .sum();
        long behind = answer.millisBehindLatest() == null ? 0 : answer.millisBehindLatest();
        quota.spend(bytes, environment.millis());
        environment.observer().read(shard, records.size(), bytes, behind);
        boolean isAtTip = records.isEmpty() && behind == 0;
        arrivals.tip(isAtTip);
        iterator = answer.nextShardIterator();
        if (iterator == null) {
            arrivals.end(new ReadResult.ShardEnded());
            events.ended(answer.childShards());
        } else if (isAtTip) {
            askAfter(idleMillis);
            idleMillis =
                    Math.min(Math.max(1, 2 * idleMillis), polling.maximumIdle().toMillis());
        } else {
            idleMillis = polling.minimumIdle().toMillis();
            if (arrivals.isEmpty()) {
                ask();
            }
        }
    }

    private void askAfter(long millis) {
        isAsking = true;
        environment.timer().after(millis, () -> settle(this::request));
    }

    private void fail(Failure failure) {
        switch (failure.kind()) {
            case EXPIRED -> {
                iterator = null;
                request();
            }
            case NOT_FOUND -> when(existence.of(shard.id()), this::lookedUp);
            case REFUSED -> {
                environment.observer().failed(shard);
                tell(failure, REFUSED);
            }
            case THROTTLED -> {
                environment.observer().throttled(shard);
                retry(failure, THROTTLES_UNTOLD);
            }
            case IN_USE, FAULT -> {
                environment.observer().failed(shard);
                retry(failure, FAULTS_UNTOLD);
            }
        }
    }

    private void retry(Failure failure, int untold) {
        failures++;
        Duration delay = environment.backoff().computeDelay(failures + 1);
        if (failures <= untold) {
            askAfter(delay.toMillis());
        } else {
            tell(failure, delay);
        }
    }

    /** Lets the engine know, which reads again later. */
    private void tell(Failure failure, Duration retryAfter) {
        isAsking = false;
        iterator = null;
        arrivals.problem(new ReadResult.Unavailable(failure.reason(), retryAfter));
    }

    private void lookedUp(ReadResult found) {
        isAsking = false;
        if (found instanceof ReadResult.Unavailable unavailable) {
            arrivals.problem(unavailable);
        } else {
            arrivals.end(found);
            if (found instanceof ReadResult.StreamGone) {
                events.gone();
            }
        }
    }
}
