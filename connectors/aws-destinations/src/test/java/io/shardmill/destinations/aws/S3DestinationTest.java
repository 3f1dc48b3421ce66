package io.shardmill.destinations.aws;

import java.net.URI;
import org.junit.jupiter.api.AfterAll;

/** With a stand-in for S3. */
class S3DestinationTest extends S3DestinationContract {

    private static final S3StandIn S3 = new S3StandIn();

    @Override
    URI endpoint() {
        return S3.uri();
    }

    @AfterAll
    static void stop() {
        S3.close();
    }
}
