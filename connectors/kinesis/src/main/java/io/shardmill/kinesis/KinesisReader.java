package io.shardmill.kinesis;

import io.shardmill.function.Shard;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ReadResult;
import io.shardmill.poller.stream.ShardReader;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.Record;

/**
 * Reads a shard by requests that are answered later. Called by the engine's threads, and by those of the client and of the timer;
 * the subclasses' methods run under its lock.
 */
abstract class KinesisReader implements ShardReader {

    /** So many faults in a row are retried without being reported. */
    private static final int FAULTS_UNTOLD = 3;

    /** The same of what other readers of the shard may cause. */
    private static final int COLLISIONS_UNTOLD = 10;

    /** A subscription can be taken over five seconds after it was made. */
    private static final Duration IN_USE = Duration.ofSeconds(1);

    private static final Duration TOO_EARLY = Duration.ofSeconds(1);
    private static final Duration REFUSED = Duration.ofSeconds(5);

    private final ReadShard read;
    private final RecordReading reading;
    private final Arrivals arrivals;
    private final Runnable wake;
    private OptionalLong millisBehindLatest = OptionalLong.empty();
    private int failures;
    private boolean isRetrying;
    private boolean isClosed;

    KinesisReader(ReadShard read, RecordReading reading, Runnable wake) {
        this.read = read;
        this.reading = reading;
        this.arrivals = new Arrivals(read.environment().readAhead());
        this.wake = wake;
    }

    /** Asks for records, unless it does already: all that came were taken. */
    abstract void ask();

    /** Makes the failed request again. */
    abstract void askAgain();

    /** Notes that nothing is under way any more, and that what a request needs is to be had anew. */
    abstract void reset();

    @Override
    public synchronized ReadResult read(int maxRecords, int maxBytes) {
        if (arrivals.isEmpty()) {
            askUnlessRetrying();
        }
        ReadResult next = arrivals.next(maxRecords, maxBytes);
        if (next instanceof ReadResult.Records
                && arrivals.isEmpty()
                && environment().readAhead().hasRoom()) {
            askUnlessRetrying();
        }
        return next;
    }

    private void askUnlessRetrying() {
        if (!isRetrying) {
            attempt(this::ask);
        }
    }

    /** Kinesis says how many milliseconds a reader is behind, and not how many records. */
    @Override
    public OptionalLong recordsBehind() {
        return OptionalLong.empty();
    }

    @Override
    public synchronized OptionalLong millisBehindLatest() {
        return millisBehindLatest;
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        arrivals.clear();
        reset();
    }

    final Shard shard() {
        return read.shard();
    }

    final ReadEnvironment environment() {
        return read.environment();
    }

    final RecordReading reading() {
        return reading;
    }

    /** Returns whether all that came was taken, and it was not the end. */
    final boolean hasRoom() {
        return arrivals.isEmpty();
    }

    /** Returns how often the engine wanted to know anew whether the shard is at its tip. */
    final int questions() {
        return arrivals.questions();
    }

    /** Takes the next records of the shard, and returns the size of their data; {@code isAtTip} says whether it has no more now. */
    final long accept(List<Record> records, long millisBehind, boolean isAtTip) {
        long bytes = records.stream()
                .mapToLong(record -> record.data().asByteArrayUnsafe().length)
                .sum();
        // First: if it throws, the records are read again.
        environment().observer().read(shard(), records.size(), bytes, millisBehind);
        this.millisBehindLatest = OptionalLong.of(millisBehind);
        arrivals.add(reading.read(records));
        arrivals.tip(isAtTip);
        failures = 0;
        return bytes;
    }

    /** The shard is closed and read to its end. */
    final void acceptEnd(List<ChildShard> children) {
        arrivals.end(new ReadResult.ShardEnded());
        environment().observer().ended(shard());
        read.events().ended(children);
    }

    /** Carries on with what is answered, in a step of its own. */
    final <T> void onAnswer(CompletableFuture<T> call, Consumer<T> step) {
        CompletableFuture<T> unused = call.whenComplete((answer, thrown) -> settle(() -> {
            if (thrown == null) {
                step.accept(answer);
            } else {
                fail(Failure.of(thrown));
            }
        }));
    }

    /** Takes a step unless the reader is closed, and wakes the engine if that has something to read now. */
    final void settle(Runnable step) {
        boolean isNews;
        synchronized (this) {
            if (isClosed) {
                return;
            }
            attempt(step);
            isNews = arrivals.isNews();
        }
        if (isNews) {
            wake.run();
        }
    }

    /** What nobody has expected is a fault like others: a reader that stands still would look like one at the tip. */
    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error unexpected) {
            fail(Failure.of(unexpected));
        }
    }

    /** Takes a step at that time, in milliseconds since the epoch. */
    final void at(long due, Runnable step) {
        long wait = due - environment().millis();
        if (wait <= 0) {
            attempt(step);
        } else {
            environment().timer().after(wait, () -> settle(step));
        }
    }

    final void fail(Failure failure) {
        switch (failure.kind()) {
            case EXPIRED -> {
                reset();
                ask();
            }
            case NOT_FOUND -> onAnswer(read.existence().of(shard().id()), this::lookedUp);
            case REFUSED -> {
                if (isTooEarly(failure)) {
                    arrivals.tip(true);
                    askAgainAfter(TOO_EARLY);
                } else {
                    reportUnavailable(failure, REFUSED);
                    environment().observer().failed(shard());
                }
            }
            case THROTTLED -> {
                retry(failure, backoff(), COLLISIONS_UNTOLD);
                environment().observer().throttled(shard());
            }
            case IN_USE -> retry(failure, IN_USE, COLLISIONS_UNTOLD);
            case FAULT -> {
                retry(failure, backoff(), FAULTS_UNTOLD);
                environment().observer().failed(shard());
            }
        }
    }

    /** Kinesis refuses a time that its own clock has not reached, whatever this machine's says. */
    private boolean isTooEarly(Failure failure) {
        return reading.next() instanceof Position.AtTimestamp && failure.code().equals("InvalidArgumentException");
    }

    private Duration backoff() {
        return environment().backoff().computeDelay(failures + 2); // the first attempt is none of its retries
    }

    private void retry(Failure failure, Duration delay, int untold) {
        failures++;
        if (failures <= untold) {
            askAgainAfter(delay);
        } else {
            reportUnavailable(failure, delay);
        }
    }

    private void askAgainAfter(Duration delay) {
        isRetrying = true;
        at(environment().millis() + Math.max(1, delay.toMillis()), () -> {
            isRetrying = false;
            askAgain();
        });
    }

    /** Lets the engine know, which reads again later. */
    private void reportUnavailable(Failure failure, Duration retryAfter) {
        reset();
        arrivals.problem(new ReadResult.Unavailable(failure.reason(), retryAfter));
    }

    private void lookedUp(ReadResult found) {
        reset();
        if (found instanceof ReadResult.Unavailable unavailable) {
            arrivals.problem(unavailable);
        } else {
            arrivals.end(found);
            environment().observer().ended(shard());
            if (found instanceof ReadResult.StreamGone) {
                read.events().gone();
            }
        }
    }
}
