package io.shardmill.poller.conformance;

class TopicLaneTest extends LaneContract {

    @Override
    protected MappedTopic newTopic() {
        return new VirtualTopic();
    }
}
