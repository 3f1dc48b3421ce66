package io.shardmill.kinesis;

class KinesisLocalSubscribedTest extends KinesisLocalContract {

    @Override
    KinesisStream stream(String name, KinesisLocation location) {
        return KinesisStream.of(name).at(location).withConsumer("billing");
    }
}
