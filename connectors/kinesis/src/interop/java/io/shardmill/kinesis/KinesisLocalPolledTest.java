package io.shardmill.kinesis;

import java.time.Duration;

class KinesisLocalPolledTest extends KinesisLocalContract {

    @Override
    KinesisStream stream(String name, KinesisLocation location) {
        Polling eager = new Polling(Duration.ofMillis(10), Duration.ofMillis(100), 1_000, Long.MAX_VALUE);
        return KinesisStream.of(name).at(location).with(eager);
    }
}
