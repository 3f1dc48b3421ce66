package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

class WakeablePollTest {

    private static final Duration MOST = Duration.ofSeconds(7);

    private final Polled consumer = new Polled();
    private final WakeablePoll poll = new WakeablePoll(consumer);

    /** Kafka's own consumer for tests, which remembers how long its polls may last. */
    private static final class Polled extends MockConsumer<byte[], byte[]> {

        private final List<Duration> waits = new ArrayList<>();
        private Runnable meanwhile = () -> {};

        private Polled() {
            super("earliest");
            subscribe(List.of("orders"));
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration most) {
            waits.add(most);
            meanwhile.run();
            return super.poll(most);
        }
    }

    @Test
    void a_poll_waits_as_long_as_it_may() {
        poll.look();
        poll.poll(MOST);

        assertThat(consumer.waits).containsExactly(MOST);
    }

    @Test
    void a_poll_is_cut_short() {
        consumer.meanwhile = poll::wakeUp;

        assertThatThrownBy(() -> poll.poll(MOST)).isInstanceOf(WakeupException.class);
    }

    @Test
    void a_wake_up_between_polls_keeps_the_next_one_from_waiting() {
        poll.look();
        poll.wakeUp();
        poll.poll(MOST);
        poll.look();
        poll.poll(MOST);

        assertThat(consumer.waits).containsExactly(Duration.ZERO, MOST);
    }

    @Test
    void a_wake_up_between_polls_does_not_end_another_call() {
        poll.wakeUp();

        assertThat(poll.poll(MOST)).isEmpty();
    }
}
