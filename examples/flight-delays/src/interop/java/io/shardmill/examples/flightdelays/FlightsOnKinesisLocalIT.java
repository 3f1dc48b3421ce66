package io.shardmill.examples.flightdelays;

import io.shardmill.kinesis.KinesisLocal;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** On npm's kinesis-local, which takes minutes to be filled. */
class FlightsOnKinesisLocalIT extends FlightsOnKinesisContract {

    private static KinesisLocal server;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        server = new KinesisLocal("flights:4");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    URI endpoint() {
        return server.endpoint();
    }
}
