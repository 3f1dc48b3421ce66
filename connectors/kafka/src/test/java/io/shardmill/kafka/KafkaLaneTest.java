package io.shardmill.kafka;

import io.shardmill.poller.conformance.LaneContract;
import io.shardmill.poller.conformance.MappedTopic;

class KafkaLaneTest extends LaneContract {

    @Override
    protected MappedTopic newTopic() {
        return new BrokerTopic(getClass());
    }
}
