package io.shardmill.kafka;

import static io.shardmill.kafka.DiscardedBatches.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.Record;
import io.shardmill.poller.event.DiscardedBatch;
import io.shardmill.runtime.NotInvokedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Against Kafka's own producer without a broker. */
class AcknowledgedWriteTest {

    /** A producer that answers each record at once, with a failure if one is due. */
    private static final class Answering extends MockProducer<byte[], byte[]> {

        private final List<@Nullable RuntimeException> failures;
        private final Map<String, RuntimeException> refusals = new HashMap<>();
        private final List<String> written = new ArrayList<>();

        /** @param failures of the first records that are sent, or null for one that is taken */
        Answering(@Nullable RuntimeException... failures) {
            super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
            this.failures = new ArrayList<>(Arrays.asList(failures));
        }

        Answering refusing(String offset, RuntimeException refusal) {
            refusals.put(offset, refusal);
            return this;
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
            Future<RecordMetadata> sent = super.send(record);
            String offset =
                    new String(record.headers().lastHeader("shardmill.offset").value(), StandardCharsets.UTF_8);
            RuntimeException failure = failures.isEmpty() ? null : failures.remove(0);
            if (failure == null) {
                failure = refusals.get(offset);
            }
            if (failure == null) {
                completeNext();
                written.add(offset);
            } else {
                errorNext(failure);
            }
            return sent;
        }

        List<String> written() {
            return written;
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<DiscardedBatch> batch = DiscardedBatches.of(
                    record(1, "k", "a"), record(2, "k", "b"), record(3, "k", "c"))
            .ofEachRecord();

    private static void write(SharedProducer producer, List<DiscardedBatch> batch) throws Exception {
        new AcknowledgedWrite("failed", producer, PATIENCE, new WriteProgress()).write(batch);
    }

    private static void write(Answering producer, List<DiscardedBatch> batch) throws Exception {
        write(new SharedProducer(() -> producer), batch);
    }

    @Test
    void writes_all_in_order() throws Exception {
        Answering producer = new Answering();
        write(producer, batch);

        assertThat(producer.written()).containsExactly("1", "2", "3");
    }

    @Test
    void a_record_that_is_too_large_is_refused_and_the_others_are_written() {
        Answering producer = new Answering().refusing("2", new RecordTooLargeException("2 MB"));

        assertThatThrownBy(() -> write(producer, batch))
                .isInstanceOfSatisfying(
                        TopicRefusalException.class,
                        refusal -> assertThat(refusal.describe(false)).isEqualTo(refusal.getMessage()))
                .hasMessage("kafka://failed: 1 of 3 records can't be written: offset 2:"
                        + " RecordTooLargeException: 2 MB;"
                        + " its document is longer than the record: raise the topic's max.message.bytes;"
                        + " the others were written");
        assertThat(producer.written()).containsExactly("1", "3");
    }

    @Test
    void all_that_is_refused_is_named() {
        Answering producer = new Answering()
                .refusing("1", new InvalidRecordException("no key"))
                .refusing("3", new RecordTooLargeException("2 MB"));

        assertThatThrownBy(() -> write(producer, batch))
                .isInstanceOf(TopicRefusalException.class)
                .hasMessageStartingWith("kafka://failed: 2 of 3 records can't be written:"
                        + " offset 1: InvalidRecordException: no key; offset 3: RecordTooLargeException: 2 MB; its")
                .hasMessageEndingWith("; the others were written");
        assertThat(producer.written()).containsExactly("2");
    }

    @Test
    void many_that_are_refused_for_one_reason_are_counted() {
        Answering producer = new Answering();
        List<DiscardedBatch> many = DiscardedBatches.of(LongStream.rangeClosed(1, 1000)
                        .mapToObj(offset -> record(offset, null, "a"))
                        .toArray(Record[]::new))
                .ofEachRecord();
        many.forEach(record ->
                producer.refusing(record.first().sequenceNumber().toString(), new InvalidRecordException("no key")));

        assertThatThrownBy(() -> write(producer, many))
                .isInstanceOf(TopicRefusalException.class)
                .hasMessageStartingWith("kafka://failed: 1000 of 1000 records can't be written: offsets 1, 2, ")
                .hasMessageEndingWith(", 20 and 980 more: InvalidRecordException: no key");
    }

    @Test
    void what_was_sent_together_with_a_record_that_is_refused_is_written_without_it() {
        InvalidRecordException refusal = new InvalidRecordException("no key");
        KafkaException together = new KafkaException("was part of a batch which had one more more invalid records");
        Answering producer = new Answering(together, refusal, together).refusing("2", refusal);

        assertThatThrownBy(() -> write(producer, batch))
                .isInstanceOf(TopicRefusalException.class)
                .hasMessageContaining(": offset 2: InvalidRecordException: no key");
        assertThat(producer.written()).containsExactly("1", "3");
    }

    @Test
    void what_can_pass_is_no_refusal_even_beside_one() {
        for (RuntimeException failure : List.of(
                new TimeoutException("no topic"),
                new NotEnoughReplicasException("1"),
                new TopicAuthorizationException("denied"))) {
            Answering producer = new Answering(null, failure).refusing("1", new RecordTooLargeException("2 MB"));

            assertThatThrownBy(() -> write(producer, batch))
                    .isInstanceOf(NotInvokedException.class)
                    .hasMessageStartingWith(
                            "kafka://failed: " + failure.getClass().getSimpleName() + ": " + failure.getMessage());
            assertThat(producer.history()).as("not waited for").hasSize(2);
        }
    }

    @Test
    void what_was_together_too_large_is_written_alone() throws Exception {
        RecordTooLargeException together = new RecordTooLargeException("all of it");
        Answering producer = new Answering(together, together, together);
        write(producer, batch);

        assertThat(producer.written()).containsExactly("1", "2", "3");
    }

    @Test
    void what_is_left_is_written_without_what_was_acknowledged_or_refused_before() {
        Answering producer = new Answering(null, null, new NotEnoughReplicasException("1"))
                .refusing("2", new InvalidRecordException("no key"));
        SharedProducer shared = new SharedProducer(() -> producer);
        TopicDestination destination =
                new TopicDestination("failed", Map.of("orders", new SourceTopic("orders-prod", shared)));
        DiscardedBatch whole = DiscardedBatches.of(
                record(1, "k", "a"), record(2, null, "b"), record(3, "k", "c"), record(4, "k", "d"));

        assertThatThrownBy(() -> destination.send(whole)).isInstanceOf(NotInvokedException.class);
        assertThat(producer.written()).containsExactly("1");
        assertThatThrownBy(() -> destination.send(whole))
                .isInstanceOf(TopicRefusalException.class)
                .hasMessage("kafka://failed: 1 of 4 records can't be written:"
                        + " offset 2: InvalidRecordException: no key; the others were written");
        assertThat(producer.written()).containsExactly("1", "3", "4");
        assertThat(producer.history()).hasSize(5);
    }

    @Test
    void what_is_acknowledged_after_a_failure_is_not_written_again() throws Exception {
        KafkaException beside = new KafkaException("odd");
        Answering producer = new Answering(beside, null, null, beside);
        WriteProgress progress = new WriteProgress();
        AcknowledgedWrite first =
                new AcknowledgedWrite("failed", new SharedProducer(() -> producer), PATIENCE, progress);
        assertThatThrownBy(() -> first.write(batch)).isInstanceOf(NotInvokedException.class);
        assertThat(producer.written()).containsExactly("2", "3");

        new AcknowledgedWrite("failed", new SharedProducer(() -> producer), PATIENCE, progress).write(batch);
        assertThat(producer.written()).containsExactly("2", "3", "1");
    }

    @Test
    void an_odd_failure_of_all_is_no_refusal() {
        KafkaException odd = new KafkaException("odd");
        Answering producer =
                new Answering().refusing("1", odd).refusing("2", odd).refusing("3", odd);

        assertThatThrownBy(() -> write(producer, batch))
                .isInstanceOf(NotInvokedException.class)
                .hasMessage("kafka://failed: KafkaException: odd");
    }

    @Test
    void an_odd_failure_is_no_refusal() {
        Answering producer = new Answering().refusing("2", new KafkaException("odd"));

        assertThatThrownBy(() -> write(producer, batch))
                .isInstanceOf(NotInvokedException.class)
                .hasMessage("kafka://failed: KafkaException: odd");
    }

    @Test
    void a_client_that_will_not_work_again_is_replaced() throws Exception {
        List<Answering> made = new ArrayList<>();
        List<RuntimeException> failures = new ArrayList<>(List.of(
                new TimeoutException("no topic"),
                new TopicAuthorizationException("denied"),
                new ClusterAuthorizationException("denied")));
        SharedProducer producer = new SharedProducer(() -> {
            Answering next =
                    made.isEmpty() ? new Answering(failures.toArray(RuntimeException[]::new)) : new Answering();
            made.add(next);
            return next;
        });
        for (RuntimeException failure : failures) {
            assertThat(made.stream().filter(MockProducer::closed))
                    .as("before %s", failure)
                    .isEmpty();
            assertThatThrownBy(() -> write(producer, batch)).isInstanceOf(NotInvokedException.class);
        }
        write(producer, batch);

        assertThat(made).extracting(MockProducer::closed).containsExactly(true, false);
        assertThat(made.get(1).history()).hasSize(3);
    }

    @Test
    void a_client_without_an_answer_for_several_writes_in_a_row_is_replaced() throws Exception {
        List<Answering> made = new ArrayList<>();
        TimeoutException late = new TimeoutException("no producer id");
        SharedProducer producer = new SharedProducer(() -> {
            Answering next =
                    made.isEmpty() ? new Answering(late, late, null, null, null, late, late, late) : new Answering();
            made.add(next);
            return next;
        });
        for (int writes = 1; writes <= 6; writes++) {
            assertThat(made).as("before write %s", writes).hasSizeLessThan(2);
            if (writes == 3) {
                write(producer, batch);
            } else {
                assertThatThrownBy(() -> write(producer, batch)).isInstanceOf(NotInvokedException.class);
            }
        }
        write(producer, batch);

        assertThat(made).extracting(MockProducer::closed).containsExactly(true, false);
    }

    @Test
    void a_client_that_is_not_to_be_had_is_no_refusal() {
        SharedProducer unmade = new SharedProducer(() -> {
            throw new KafkaException("no such host");
        });
        assertThatThrownBy(() -> write(unmade, batch))
                .isInstanceOf(NotInvokedException.class)
                .hasMessage("kafka://failed: KafkaException: no such host");

        Answering closed = new Answering();
        closed.close();
        assertThatThrownBy(() -> write(closed, batch)).isInstanceOf(NotInvokedException.class);

        SharedProducer ended = new SharedProducer(Answering::new);
        ended.close(Duration.ZERO);
        assertThatThrownBy(() -> write(ended, batch)).isInstanceOf(NotInvokedException.class);
    }

    @Test
    void ends_without_an_answer_when_its_time_is_over() {
        Producer<byte[], byte[]> silent =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        SharedProducer producer = new SharedProducer(() -> silent);

        assertThatThrownBy(() -> new AcknowledgedWrite("failed", producer, Duration.ofMillis(50), new WriteProgress())
                        .write(batch))
                .isInstanceOf(NotInvokedException.class)
                .hasMessage("kafka://failed: TimeoutException: no answer in time;"
                        + " check that the topic exists, and that its brokers answer");
    }
}
