package io.shardmill.poller.conformance;

class TopicRetryTest extends RetryContract {

    @Override
    protected MappedTopic newTopic() {
        return new VirtualTopic();
    }
}
