package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KafkaWriterTest {

    @Test
    void a_cluster_that_does_not_let_the_client_in_is_asked_once_for_all_entries() {
        AtomicInteger asked = new AtomicInteger();
        try (MockProducer<byte[], byte[]> producer =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.sendException = new SaslAuthenticationException("Authentication failed");
            KafkaWriter writer = new KafkaWriter("orders", "orders-prod", () -> {
                asked.incrementAndGet();
                return producer;
            });

            List<PutResult> results = writer.putAll(List.of(PutEntry.of("k", "1"), PutEntry.of("k", "2")));

            assertThat(results)
                    .hasSize(2)
                    .allSatisfy(result -> assertThat(result).isInstanceOf(PutResult.Rejected.class));
            assertThat(asked).hasValue(1);
        }
    }
}
