package io.shardmill.lambda.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoopbackServerTest {

    private static final int LISTENER = 1;

    @Test
    void a_connection_without_a_thread_is_closed_and_the_next_one_is_served() throws Exception {
        TooManyThreads threads = new TooManyThreads(LISTENER + 1);
        try (LoopbackServer server = new LoopbackServer(
                threads, PeerCheck.ofUser(ProcessStatus.ownUid()), request -> HttpAnswer.INVALID_REQUEST_ID)) {
            try (RawClient first = new RawClient(server.address())) {
                assertThat(first.isClosedByServer()).isTrue();
            }
            try (RawClient second = new RawClient(server.address())) {
                assertThat(second.next().status()).isEqualTo(400);
            }
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void strangers_take_neither_threads_nor_places() throws Exception {
        TooManyThreads threads = new TooManyThreads(LISTENER + 1);
        PeerCheck nobody = PeerCheck.ofUser(ProcessStatus.ownUid() + 1);
        try (LoopbackServer server = new LoopbackServer(threads, nobody, request -> HttpAnswer.INVALID_REQUEST_ID)) {
            for (int i = 0; i < 10; i++) {
                try (RawClient stranger = new RawClient(server.address())) {
                    assertThat(stranger.isClosedByServer()).isTrue();
                }
            }
            assertThat(threads.asked()).isEqualTo(LISTENER);
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
}
