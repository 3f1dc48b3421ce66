package io.shardmill.kinesis;

class SubscribedSourceTest extends ServedSourceContract {

    @Override
    KinesisStream stream(KinesisLocation location) {
        return KinesisStream.of(STREAM).at(location).withConsumer("billing");
    }
}
