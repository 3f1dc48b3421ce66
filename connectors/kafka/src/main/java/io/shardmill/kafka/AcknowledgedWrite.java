package io.shardmill.kafka;

import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.runtime.NotInvokedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A write of discarded records that is over when all are acknowledged, and after a while in any case. Used once. */
final class AcknowledgedWrite {

    private final String topic;
    private final SharedProducer producer;
    private final Duration patience;
    private final WriteProgress progress;
    private final long begun = System.nanoTime();
    private final List<DiscardedBatch> tooLargeTogether = new ArrayList<>();

    /**
     * @param patience how long to wait for all acknowledgements together
     * @param progress of the batch, which the next write of it continues
     */
    AcknowledgedWrite(String topic, SharedProducer producer, Duration patience, WriteProgress progress) {
        this.topic = topic;
        this.producer = producer;
        this.patience = patience;
        this.progress = progress;
    }

    /**
     * Writes each record that is left, in order.
     *
     * @throws NotInvokedException if one was not written, or perhaps not, for a reason that can pass; others may have been
     * @throws TopicRefusalException if all were written but those that the topic never takes
     */
    void write(List<DiscardedBatch> records) throws NotInvokedException, TopicRefusalException {
        Producer<byte[], byte[]> client = client();
        writeAll(client, progress.left(records));
        for (DiscardedBatch record : tooLargeTogether) {
            writeAll(client, List.of(record));
        }
        progress.refusals().throwIfAny(topic, records.size());
    }

    private void writeAll(Producer<byte[], byte[]> client, List<DiscardedBatch> records) throws NotInvokedException {
        List<DiscardedBatch> left = records;
        while (!left.isEmpty()) {
            left = writeTogether(client, left);
        }
    }

    /** Returns those that are to be written again: of what the client sends in one piece, a broker takes all or nothing. */
    private List<DiscardedBatch> writeTogether(Producer<byte[], byte[]> client, List<DiscardedBatch> records)
            throws NotInvokedException {
        List<Future<RecordMetadata>> sent = sendAll(client, records);
        List<DiscardedBatch> again = new ArrayList<>();
        Throwable passing = null;
        for (int index = 0; index < sent.size(); index++) {
            DiscardedBatch record = records.get(index);
            Throwable failure = failure(sent.get(index));
            if (failure == null) {
                producer.acknowledged();
                progress.acknowledged(record);
            } else if (SharedProducer.isOfAnotherRecord(failure) && again.size() < records.size() - 1) {
                again.add(record);
            } else if (failure instanceof RecordTooLargeException && records.size() > 1) {
                tooLargeTogether.add(record); // it may be the piece that is
            } else if (isPermanent(failure)) {
                progress.refused(record, failure, reason(failure));
            } else if (passing == null) {
                passing = failure;
            }
        }
        if (passing != null) {
            throw notWritten(client, passing);
        }
        return again;
    }

    private Producer<byte[], byte[]> client() throws NotInvokedException {
        try {
            return producer.get();
        } catch (KafkaException | IllegalStateException none) { // it can't be made, or not any more
            throw new NotInvokedException(describe(none), none);
        }
    }

    /** Returns futures of all records, or of those up to one that failed for a reason that others would wait for, too. */
    private List<Future<RecordMetadata>> sendAll(Producer<byte[], byte[]> client, List<DiscardedBatch> records) {
        List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
        for (DiscardedBatch record : records) {
            Future<RecordMetadata> next = send(client, record);
            sent.add(next);
            Throwable failure = next.isDone() ? failure(next) : null;
            if (failure != null && !isPermanent(failure) && !SharedProducer.isOfAnotherRecord(failure)) {
                break;
            }
        }
        return sent;
    }

    private Future<RecordMetadata> send(Producer<byte[], byte[]> client, DiscardedBatch record) {
        if (nanosLeft() <= 0) {
            return CompletableFuture.failedFuture(new TimeoutException("not all were sent in time"));
        }
        try {
            return client.send(DiscardedRecord.of(record, topic));
        } catch (KafkaException | IllegalStateException refused) { // or it was closed meanwhile
            return CompletableFuture.failedFuture(refused);
        }
    }

    private long nanosLeft() {
        return patience.toNanos() - (System.nanoTime() - begun);
    }

    /** Returns why a record was not written, when that is known; null if it was. */
    private @Nullable Throwable failure(Future<RecordMetadata> sent) {
        try {
            RecordMetadata unused = sent.get(Math.max(0, nanosLeft()), TimeUnit.NANOSECONDS);
            return null;
        } catch (ExecutionException failed) {
            return failed.getCause() == null ? failed : failed.getCause();
        } catch (java.util.concurrent.TimeoutException late) {
            return new TimeoutException("no answer in time");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return interrupted;
        }
    }

    /** A topic takes a record when its settings are other, but the record that waited for that would hold up all after it. */
    private static boolean isPermanent(Throwable failure) {
        return failure instanceof RecordTooLargeException || failure instanceof InvalidRecordException;
    }

    private NotInvokedException notWritten(Producer<byte[], byte[]> client, Throwable failure) {
        producer.failed(client, failure);
        return new NotInvokedException(describe(failure), failure);
    }

    private String describe(Throwable failure) {
        return KafkaDestinations.SCHEME + topic + ": " + reason(failure);
    }

    private static String reason(Throwable failure) {
        String reason = ClientFailure.describe(failure);
        if (failure instanceof TimeoutException) {
            return reason + "; check that the topic exists, and that its brokers answer";
        }
        if (failure instanceof RecordTooLargeException) {
            return reason + "; its document is longer than the record: raise the topic's max.message.bytes";
        }
        return reason;
    }
}
