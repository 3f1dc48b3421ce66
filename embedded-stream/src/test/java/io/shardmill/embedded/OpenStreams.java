package io.shardmill.embedded;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of streams that are open, in a new folder and on a clock of the test's. */
abstract class OpenStreams {

    @TempDir
    Path folder;

    final SettableClock clock = new SettableClock();
    EmbeddedStreams streams;

    EmbeddedStreamsSettings settings() {
        return EmbeddedStreamsSettings.in(folder).withClock(clock);
    }

    @BeforeEach
    void open() {
        streams = EmbeddedStreams.open(settings());
    }

    @AfterEach
    void close() {
        streams.close();
    }

    void reopen() {
        streams.close();
        open();
    }
}
