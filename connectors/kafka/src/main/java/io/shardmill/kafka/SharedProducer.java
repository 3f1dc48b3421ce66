package io.shardmill.kafka;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** A producer of a cluster that is made when it is first needed, and made anew when it will not work again. Thread-safe. */
final class SharedProducer {

    /** A producer that has lost its login, or its id, says no more than that time is over. */
    private static final int MAX_UNANSWERED = 3;

    private final Lazily<Producer<byte[], byte[]>> producer;
    private final AtomicInteger unanswered = new AtomicInteger();

    SharedProducer(Supplier<Producer<byte[], byte[]>> maker) {
        this.producer = new Lazily<>(maker);
    }

    Producer<byte[], byte[]> get() {
        return producer.get();
    }

    void acknowledged() {
        unanswered.set(0);
    }

    /** Takes note of why a write failed; one write tells it once. */
    void failed(Producer<byte[], byte[]> client, Throwable failure) {
        if (isFatalForClient(failure) || (isWithoutAnswer(failure) && unanswered.incrementAndGet() >= MAX_UNANSWERED)) {
            unanswered.set(0);
            producer.replace(client, broken -> broken.close(Duration.ZERO));
        }
    }

    /** After an error that is not of a topic or a record, such as a login that was refused, a producer sends nothing any more. */
    private static boolean isFatalForClient(Throwable failure) {
        return failure instanceof KafkaException
                && !isWithoutAnswer(failure)
                && !(failure instanceof RetriableException)
                && !(failure instanceof InterruptException)
                && !(failure instanceof TopicAuthorizationException)
                && !(failure instanceof RecordTooLargeException)
                && !(failure instanceof InvalidRecordException)
                && !(failure instanceof SerializationException);
    }

    private static boolean isWithoutAnswer(Throwable failure) {
        return failure instanceof TimeoutException || isOfAnotherRecord(failure);
    }

    /** Returns whether a record was sent beside another one that failed: the client has no class of its own for that. */
    static boolean isOfAnotherRecord(Throwable failure) {
        return failure.getClass() == KafkaException.class;
    }

    void close(Duration patience) {
        producer.close(client -> client.close(patience));
    }
}
