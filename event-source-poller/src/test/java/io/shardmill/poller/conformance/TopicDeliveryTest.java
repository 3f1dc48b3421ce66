package io.shardmill.poller.conformance;

class TopicDeliveryTest extends DeliveryContract {

    @Override
    protected MappedTopic newTopic() {
        return new VirtualTopic();
    }
}
