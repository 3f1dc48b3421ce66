package io.shardmill.lambda.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Runtime API of a process that serves two invocations at a time. */
@Timeout(60)
class ConcurrentSessionTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final RuntimeSession session = new ConcurrentSession(2);
    private LoopbackServer server;
    private RawClient one;
    private RawClient two;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer(threads, PeerCheck.ofOwnUser(), new RuntimeApi(session));
        one = new RawClient(server.address());
        two = new RawClient(server.address());
    }

    @AfterEach
    void stop() {
        session.end();
        one.close();
        two.close();
        server.close();
        threads.shutdown();
    }

    private RuntimeInvocation dispatch(String id) {
        RuntimeInvocation invocation = new RuntimeInvocation(
                new InvokeRequest(id, id.getBytes(UTF_8), null, InvokeRequest.Context.NONE), "arn", 1);
        session.dispatch(invocation);
        return invocation;
    }

    private static long soon() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    }

    @Test
    void case_r25_two_parked_calls_of_next_get_an_event_each_and_ids_route_the_answers() throws Exception {
        one.sendNext();
        two.sendNext();
        RuntimeInvocation a = dispatch("a");
        RuntimeInvocation b = dispatch("b");
        String first = one.reply().body();
        assertThat(Set.of(first, two.reply().body())).isEqualTo(Set.of("a", "b"));

        assertThat(one.respond("b", "answer b").status()).isEqualTo(202);
        assertThat(two.respond("a", "answer a").status()).isEqualTo(202);
        assertThat(session.awaitReply(a, soon())).isEqualTo(RuntimeSession.Waited.DONE);
        assertThat(session.awaitReply(b, soon())).isEqualTo(RuntimeSession.Waited.DONE);
        assertThat(new String(a.reply.payload(), UTF_8)).isEqualTo("answer a");
        assertThat(one.respond("a", "again").status()).isEqualTo(400);
    }

    @Test
    void case_r25_an_answer_that_comes_too_late_is_told_so_and_the_other_is_not_touched() throws Exception {
        one.sendNext();
        two.sendNext();
        RuntimeInvocation a = dispatch("a");
        RuntimeInvocation b = dispatch("b");
        one.reply();
        two.reply();
        session.giveUp(a);

        RawClient.Reply late = one.respond("a", "late");
        assertThat(late.status()).isEqualTo(410);
        assertThat(late.body()).isEqualTo("{\"errorMessage\":\"Invoke timeout\",\"errorType\":\"InvokeTimeout\"}\n");
        assertThat(two.respond("b", "in time").status()).isEqualTo(202);
        assertThat(session.awaitReply(b, soon())).isEqualTo(RuntimeSession.Waited.DONE);
    }

    @Test
    void more_calls_of_next_than_invocations_are_an_error() throws Exception {
        RuntimeSession single = new ConcurrentSession(1);
        try (LoopbackServer other = new LoopbackServer(threads, PeerCheck.ofOwnUser(), new RuntimeApi(single));
                RawClient parked = new RawClient(other.address());
                RawClient tooMany = new RawClient(other.address())) {
            parked.sendNext();
            single.awaitInitialized(soon());
            assertThat(tooMany.next().status()).isEqualTo(500);
            single.end();
        }
    }
}
