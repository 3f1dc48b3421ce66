package io.shardmill.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.shardmill.kafka.ClientObserver;
import org.apache.kafka.clients.admin.AdminClient;
import org.springframework.kafka.core.KafkaMetricsSupport;

/** Binds the metrics of admin clients, as Boot's listeners bind those of consumers and producers. */
final class KafkaAdminMeters extends KafkaMetricsSupport<AdminClient> implements ClientObserver {

    KafkaAdminMeters(MeterRegistry registry) {
        super(registry);
    }

    @Override
    public synchronized void opened(String id, AdminClient admin) {
        bindClient(id, admin);
    }

    @Override
    public synchronized void closed(String id, AdminClient admin) {
        unbindClient(id, admin);
    }
}
