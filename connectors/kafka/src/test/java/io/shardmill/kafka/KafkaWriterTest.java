package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** With Kafka's own producer without a broker. */
class KafkaWriterTest {

    private static final List<PutEntry> TWO = List.of(PutEntry.of("k", "1"), PutEntry.of("k", "2"));

    /** A producer that refuses all records, or takes all. */
    private static final class Refusing extends MockProducer<byte[], byte[]> {

        private int asked;

        Refusing(@Nullable RuntimeException refusal) {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
            sendException = refusal;
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
            asked++;
            return super.send(record);
        }
    }

    private final List<Refusing> made = new ArrayList<>();

    /** @param refusal of the first producer; the others take all */
    private KafkaWriter writer(RuntimeException refusal) {
        return new KafkaWriter("orders", "orders-prod", new SharedProducer(() -> {
            made.add(new Refusing(made.isEmpty() ? refusal : null));
            return made.get(made.size() - 1);
        }));
    }

    private static boolean isStored(PutResult result) {
        return result instanceof PutResult.Stored;
    }

    @Test
    void a_cluster_that_does_not_let_the_client_in_is_asked_once_for_all_entries_and_by_another_client_next_time() {
        KafkaWriter writer = writer(new SaslAuthenticationException("Authentication failed"));

        assertThat(writer.putAll(TWO)).hasSize(2).noneMatch(KafkaWriterTest::isStored);
        assertThat(made).singleElement().satisfies(client -> {
            assertThat(client.asked).isEqualTo(1);
            assertThat(client.closed()).isTrue();
        });
        assertThat(writer.putAll(TWO)).hasSize(2).allMatch(KafkaWriterTest::isStored);
    }

    @Test
    void a_client_without_an_answer_for_several_puts_in_a_row_is_replaced() {
        KafkaWriter writer = writer(new TimeoutException("no producer id"));
        for (int puts = 0; puts < 3; puts++) {
            assertThat(writer.putAll(TWO)).noneMatch(KafkaWriterTest::isStored);
        }

        assertThat(writer.putAll(TWO)).allMatch(KafkaWriterTest::isStored);
        assertThat(made).extracting(MockProducer::closed).containsExactly(true, false);
    }

    @Test
    void a_client_whose_records_or_topic_are_refused_is_kept() {
        for (KafkaException refusal :
                List.of(new RecordTooLargeException("2 MB"), new TopicAuthorizationException("denied"))) {
            made.clear();
            KafkaWriter writer = writer(refusal);
            for (int puts = 0; puts < 10; puts++) {
                assertThat(writer.putAll(TWO)).noneMatch(KafkaWriterTest::isStored);
            }
            assertThat(made).as("%s", refusal).hasSize(1);
        }
    }
}
