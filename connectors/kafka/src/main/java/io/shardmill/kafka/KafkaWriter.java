package io.shardmill.kafka;

import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Produces records into a topic: idempotent, and acknowledged by all in-sync replicas. Thread-safe. */
final class KafkaWriter {

    private final String stream;
    private final String topic;
    private final SharedProducer producer;

    KafkaWriter(String stream, String topic, SharedProducer producer) {
        this.stream = stream;
        this.topic = topic;
        this.producer = producer;
    }

    /** Returns one result for each entry, in their order, when all are acknowledged or refused. */
    List<PutResult> putAll(List<PutEntry> entries) {
        Producer<byte[], byte[]> client;
        try {
            client = producer.get();
        } catch (KafkaException none) { // it can't be made
            return entries.stream().map(entry -> rejected(none)).toList();
        }
        List<Future<RecordMetadata>> sent = sendAll(client, entries);
        List<PutResult> results = sent.stream().map(this::result).toList();
        report(client, sent);
        return results;
    }

    private List<Future<RecordMetadata>> sendAll(Producer<byte[], byte[]> client, List<PutEntry> entries) {
        List<Future<RecordMetadata>> sent = new ArrayList<>(entries.size());
        Future<RecordMetadata> unanswered = null;
        for (PutEntry entry : entries) {
            Future<RecordMetadata> next = unanswered == null ? send(client, entry) : unanswered;
            sent.add(next);
            if (isUnanswered(next)) { // after a while, and another record would wait as long
                unanswered = next;
            }
        }
        return sent;
    }

    private Future<RecordMetadata> send(Producer<byte[], byte[]> client, PutEntry entry) {
        if (entry.explicitHashKey() != null) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("explicitHashKey: "
                    + entry.explicitHashKey()
                    + "; a topic has no hash ranges; leave it out: the key picks the partition"));
        }
        byte[] key = entry.partitionKey().getBytes(StandardCharsets.UTF_8);
        try {
            return client.send(new ProducerRecord<>(topic, key, entry.data()));
        } catch (KafkaException | IllegalStateException refused) { // or another thread has replaced the client
            return CompletableFuture.failedFuture(refused);
        }
    }

    private void report(Producer<byte[], byte[]> client, List<Future<RecordMetadata>> sent) {
        Throwable last = null;
        for (Future<RecordMetadata> answer : sent) {
            Throwable failure = failure(answer);
            if (failure == null) {
                producer.acknowledged();
            } else {
                last = failure;
            }
        }
        if (last != null) {
            producer.failed(client, last);
        }
    }

    private static boolean isUnanswered(Future<RecordMetadata> sent) {
        if (!sent.isDone()) {
            return false;
        }
        Throwable failure = failure(sent);
        return failure instanceof TimeoutException || ClientFailure.isRefusal(failure);
    }

    private static @Nullable Throwable failure(Future<RecordMetadata> done) {
        try {
            RecordMetadata unused = done.get();
            return null;
        } catch (ExecutionException failure) {
            return failure.getCause() == null ? failure : failure.getCause();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return interrupted;
        }
    }

    private PutResult result(Future<RecordMetadata> sent) {
        try {
            RecordMetadata stored = sent.get();
            return new PutResult.Stored(
                    new Shard(stream, Partitions.shard(stored.topic(), stored.partition())),
                    SequenceNumber.of(stored.offset()));
        } catch (ExecutionException failure) {
            return rejected(failure.getCause() == null ? failure : failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new PutResult.Rejected(
                    "InterruptedException", "topic '" + topic + "': it is not known whether the record was stored");
        }
    }

    private PutResult rejected(Throwable cause) {
        String code = cause instanceof IllegalArgumentException
                ? "InvalidArgumentException"
                : cause.getClass().getSimpleName();
        return new PutResult.Rejected(code, "topic '" + topic + "': " + ClientFailure.message(cause));
    }
}
