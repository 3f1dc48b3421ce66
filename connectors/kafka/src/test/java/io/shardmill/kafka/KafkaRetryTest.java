package io.shardmill.kafka;

import io.shardmill.poller.conformance.MappedTopic;
import io.shardmill.poller.conformance.RetryContract;

class KafkaRetryTest extends RetryContract {

    @Override
    protected MappedTopic newTopic() {
        return new BrokerTopic(getClass());
    }
}
