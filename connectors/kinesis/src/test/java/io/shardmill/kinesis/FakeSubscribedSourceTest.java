package io.shardmill.kinesis;

class FakeSubscribedSourceTest extends FakeKinesisSourceTest {

    @Override
    KinesisStream stream() {
        return super.stream().withConsumer("billing");
    }
}
