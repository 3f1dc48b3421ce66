package io.shardmill.kafka;

import io.shardmill.poller.conformance.DeliveryContract;
import io.shardmill.poller.conformance.MappedTopic;

class KafkaDeliveryTest extends DeliveryContract {

    @Override
    protected MappedTopic newTopic() {
        return new BrokerTopic(getClass());
    }
}
