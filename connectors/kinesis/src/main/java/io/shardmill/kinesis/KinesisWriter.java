package io.shardmill.kinesis;

import io.shardmill.function.PutEntry;
import io.shardmill.function.PutRejectedException;
import io.shardmill.function.PutResult;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/**
 * Puts records with PutRecords. A request takes some of its records and refuses others, in no order; so that the records of a key
 * keep theirs, a request has one of each key, and the next of a key follows when that is stored. What Kinesis has no
 * room for is put again until nothing was stored for {@link #PATIENCE}, and then rejected; after a record that is rejected, so are those that
 * follow it of the same key. Thread-safe.
 */
final class KinesisWriter {

    /** How long a call of the writer tries in vain. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Set<String> OF_A_RECORD = Set.of("InvalidArgumentException", "ValidationException");
    private static final int MAX_RECORDS = 500;
    private static final int MAX_BYTES = 10 << 20;

    private final KinesisAsyncClient client;
    private final String name;
    private final StreamAddress address;
    private final BackoffStrategy backoff;
    private final Pause pause;
    private final LongSupplier nanoTime;

    /** Waits. */
    @FunctionalInterface
    interface Pause {

        void of(Duration time) throws InterruptedException;
    }

    KinesisWriter(
            KinesisAsyncClient client,
            String name,
            StreamAddress address,
            BackoffStrategy backoff,
            Pause pause,
            LongSupplier nanoTime) {
        this.client = client;
        this.name = name;
        this.address = address;
        this.backoff = backoff;
        this.pause = pause;
        this.nanoTime = nanoTime;
    }

    /** @throws PutRejectedException if the record is not stored */
    PutResult.Stored put(PutEntry entry) {
        PutResult result = putAll(List.of(entry)).get(0);
        if (result instanceof PutResult.Rejected rejected) {
            throw new PutRejectedException(rejected);
        }
        return (PutResult.Stored) result;
    }

    /**
     * Returns one result for each entry, in their order.
     *
     * @throws IllegalArgumentException if there is no such stream
     */
    List<PutResult> putAll(List<PutEntry> entries) {
        PutResult[] results = new PutResult[entries.size()];
        long lastStored = nanoTime.getAsLong();
        int failures = 0;
        for (List<Integer> round = round(entries, results); !round.isEmpty(); round = round(entries, results)) {
            PutResult.@Nullable Rejected full = putRound(entries, round, results);
            boolean isProgress = round.stream().anyMatch(index -> results[index] != null);
            rejectFollowers(entries, results);
            if (full == null || isProgress) {
                lastStored = nanoTime.getAsLong();
                failures = 0;
            }
            if (full != null) {
                Duration delay = backoff.computeDelay(++failures + 1);
                boolean isOver = nanoTime.getAsLong() - lastStored + delay.toNanos() > PATIENCE.toNanos();
                if (isOver || !isPaused(delay)) {
                    reject(results, full);
                }
            }
        }
        return List.of(results);
    }

    /** What follows a rejected record of the same key would be stored out of order if that is put again. */
    private static void rejectFollowers(List<PutEntry> entries, @Nullable PutResult[] results) {
        Map<String, PutResult> rejected = new HashMap<>();
        for (int index = 0; index < results.length; index++) {
            String key = entries.get(index).partitionKey();
            if (results[index] == null && rejected.containsKey(key)) {
                results[index] = rejected.get(key);
            } else if (results[index] instanceof PutResult.Rejected) {
                rejected.putIfAbsent(key, results[index]);
            }
        }
    }

    /** Returns the next entries that may be put together: the first of each key that has no result, as many as a request takes. */
    private static List<Integer> round(List<PutEntry> entries, @Nullable PutResult[] results) {
        List<Integer> round = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        long bytes = 0;
        for (int index = 0; index < results.length && round.size() < MAX_RECORDS; index++) {
            PutEntry entry = entries.get(index);
            if (results[index] == null && keys.add(entry.partitionKey())) {
                bytes += entry.data().length + entry.partitionKey().getBytes(StandardCharsets.UTF_8).length;
                if (bytes > MAX_BYTES && !round.isEmpty()) {
                    break;
                }
                round.add(index);
            }
        }
        return round;
    }

    /** Returns why some entries have no result yet, or null if all have one. */
    private PutResult.@Nullable Rejected putRound(
            List<PutEntry> entries, List<Integer> round, @Nullable PutResult[] results) {
        List<PutRecordsRequestEntry> records =
                round.stream().map(index -> record(entries.get(index))).toList();
        PutRecordsResponse answer;
        try {
            answer = client.putRecords(request -> address.put(request).records(records))
                    .join();
        } catch (CompletionException failed) {
            return failed(Failure.of(failed), entries, round, results);
        }
        PutResult.Rejected full = null;
        for (int index = 0; index < round.size(); index++) {
            PutRecordsResultEntry result = answer.records().get(index);
            if (result.errorCode() == null) {
                results[round.get(index)] = new PutResult.Stored(
                        new Shard(name, result.shardId()), SequenceNumber.parse(result.sequenceNumber()));
            } else {
                full = new PutResult.Rejected(result.errorCode(), String.valueOf(result.errorMessage()));
            }
        }
        return full;
    }

    private PutResult.@Nullable Rejected failed(
            Failure failure, List<PutEntry> entries, List<Integer> round, @Nullable PutResult[] results) {
        PutResult.Rejected rejected = new PutResult.Rejected(failure.code(), failure.reason());
        if (failure.kind() == Failure.Kind.NOT_FOUND) {
            throw new IllegalArgumentException("there is no Kinesis stream '" + name + "' (" + failure.reason()
                    + "); create it, or correct the name, the region or the account");
        }
        if (failure.kind() != Failure.Kind.REFUSED) {
            return rejected;
        }
        if (!OF_A_RECORD.contains(failure.code())) {
            reject(results, rejected);
            return null;
        }
        if (round.size() == 1) {
            results[round.get(0)] = rejected;
            return null;
        }
        return putEach(entries, round, results);
    }

    /** Puts records by themselves: Kinesis refuses a request for one of its records, and does not say which. */
    private PutResult.@Nullable Rejected putEach(
            List<PutEntry> entries, List<Integer> round, @Nullable PutResult[] results) {
        PutResult.Rejected full = null;
        for (Integer index : round) {
            if (results[index] == null) {
                PutResult.Rejected last = putRound(entries, List.of(index), results);
                full = last == null ? full : last;
            }
        }
        return full;
    }

    private static PutRecordsRequestEntry record(PutEntry entry) {
        return PutRecordsRequestEntry.builder()
                .partitionKey(entry.partitionKey())
                .data(SdkBytes.fromByteArrayUnsafe(entry.data()))
                .explicitHashKey(
                        entry.explicitHashKey() == null
                                ? null
                                : entry.explicitHashKey().toString())
                .build();
    }

    private boolean isPaused(Duration delay) {
        try {
            pause.of(delay);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void reject(@Nullable PutResult[] results, PutResult.Rejected rejected) {
        for (int index = 0; index < results.length; index++) {
            if (results[index] == null) {
                results[index] = rejected;
            }
        }
    }
}
