package io.shardmill.poller.conformance;

class TopicWindowTest extends WindowContract {

    @Override
    protected MappedTopic newTopic() {
        return new VirtualTopic();
    }
}
