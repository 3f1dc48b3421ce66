package io.shardmill.runtime;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ReservedConcurrencyTest {

    private final ReservedConcurrency concurrency = new ReservedConcurrency("fn");

    @Test
    void as_many_as_reserved_run_at_once() throws NotInvokedException {
        concurrency.enter(2);
        concurrency.enter(2);
        refuse(2);
        concurrency.leave();
        concurrency.enter(2);
        refuse(2);
    }

    @Test
    void without_a_reservation_all_run() throws NotInvokedException {
        for (int i = 0; i < 10_000; i++) {
            concurrency.enter(FunctionSettings.UNLIMITED);
        }
    }

    @Test
    void a_smaller_reservation_waits_for_those_that_run() throws NotInvokedException {
        concurrency.enter(2);
        concurrency.enter(2);
        refuse(1);
        concurrency.leave();
        refuse(1);
        concurrency.leave();
        concurrency.enter(1);
    }

    @Test
    void one_that_is_refused_takes_the_place_of_none() throws NotInvokedException {
        AtomicBoolean stopped = new AtomicBoolean();
        CompletableFuture<Void> refused = CompletableFuture.runAsync(() -> {
            while (!stopped.get()) {
                refuse(0);
            }
        });
        try {
            for (int i = 0; i < 200_000; i++) {
                concurrency.enter(1);
                concurrency.leave();
            }
        } finally {
            stopped.set(true);
            refused.join();
        }
    }

    private void refuse(int reserved) {
        assertThatExceptionOfType(NotInvokedException.class)
                .isThrownBy(() -> concurrency.enter(reserved))
                .withMessageContaining("all " + reserved + " reserved concurrent invocations of function 'fn'");
    }
}
