package io.shardmill.kinesis;

import io.shardmill.poller.stream.StreamSource;
import java.util.Random;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** Stands between the connector and its ports, for a bug to be planted there; here: for nothing. */
interface KinesisPlant {

    KinesisPlant NONE = new KinesisPlant() {};

    default KinesisAsyncClient client(KinesisAsyncClient client) {
        return client;
    }

    default Timer timer(Timer timer, Random random) {
        return timer;
    }

    default StreamSource source(StreamSource source) {
        return source;
    }
}
