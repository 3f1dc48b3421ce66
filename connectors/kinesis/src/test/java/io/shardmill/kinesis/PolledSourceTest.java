package io.shardmill.kinesis;

import java.time.Duration;

class PolledSourceTest extends ServedSourceContract {

    @Override
    KinesisStream stream(KinesisLocation location) {
        Polling eager = new Polling(Duration.ofMillis(10), Duration.ofMillis(100), 1_000, Long.MAX_VALUE);
        return KinesisStream.of(STREAM).at(location).with(eager);
    }
}
