package io.shardmill.kafka;

import io.shardmill.poller.conformance.MappedTopic;
import io.shardmill.poller.conformance.WindowContract;

class KafkaWindowTest extends WindowContract {

    @Override
    protected MappedTopic newTopic() {
        return new BrokerTopic(getClass());
    }
}
