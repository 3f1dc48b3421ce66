package io.shardmill.kafka;

import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/** Produces records into a topic: idempotent, and acknowledged by all in-sync replicas. Thread-safe. */
final class KafkaWriter {

    private final String stream;
    private final String topic;
    private final Supplier<Producer<byte[], byte[]>> producer;

    /** @param producer gives the client, which is made when it is first needed */
    KafkaWriter(String stream, String topic, Supplier<Producer<byte[], byte[]>> producer) {
        this.stream = stream;
        this.topic = topic;
        this.producer = producer;
    }

    /** Returns one result for each entry, in their order, when all are acknowledged or refused. */
    List<PutResult> putAll(List<PutEntry> entries) {
        List<Supplier<PutResult>> results = new ArrayList<>(entries.size());
        entries.forEach(entry -> results.add(send(entry)));
        return results.stream().map(Supplier::get).toList();
    }

    private Supplier<PutResult> send(PutEntry entry) {
        if (entry.explicitHashKey() != null) {
            return () -> new PutResult.Rejected(
                    "InvalidArgumentException",
                    "explicitHashKey: " + entry.explicitHashKey()
                            + "; a topic has no hash ranges; leave it out: the key picks the partition");
        }
        byte[] key = entry.partitionKey().getBytes(StandardCharsets.UTF_8);
        try {
            Future<RecordMetadata> sent = producer.get().send(new ProducerRecord<>(topic, key, entry.data()));
            return () -> result(sent);
        } catch (
                KafkaException
                        refused) { // before it was sent: too large, no metadata in time, or the client can't be made
            return () -> rejected(refused);
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
            return rejected(interrupted);
        }
    }

    private PutResult rejected(Throwable failure) {
        return new PutResult.Rejected(
                failure.getClass().getSimpleName(), "topic '" + topic + "': " + failure.getMessage());
    }
}
