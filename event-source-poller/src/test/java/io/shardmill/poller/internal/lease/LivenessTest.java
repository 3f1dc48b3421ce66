package io.shardmill.poller.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.MemberRow;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LivenessTest {

    private final Liveness liveness = new Liveness(3_000);

    private static MemberRow member(String id, long version) {
        return new MemberRow(id, version, 6_000, Set.of(), false);
    }

    /** Looks every second. */
    private List<MemberRow> look(long from, long to, MemberRow... members) {
        List<MemberRow> dead = List.of();
        for (long now = from; now <= to; now += 1_000) {
            dead = liveness.dead(List.of(members), now);
        }
        return dead;
    }

    @Test
    void a_member_whose_version_stands_still_for_its_time_to_live_is_dead() {
        assertThat(look(0, 5_000, member("a", 1))).isEmpty();
        assertThat(look(6_000, 6_000, member("a", 1))).containsExactly(member("a", 1));
    }

    @Test
    void each_heartbeat_counts_from_when_it_was_seen() {
        look(0, 5_000, member("a", 1), member("b", 1));
        assertThat(look(6_000, 11_000, member("a", 2), member("b", 1))).containsExactly(member("b", 1));
        assertThat(look(12_000, 12_000, member("a", 2))).containsExactly(member("a", 2));
    }

    @Test
    void one_missed_look_is_no_death() {
        look(0, 5_000, member("a", 1));
        assertThat(liveness.dead(List.of(), 6_000)).isEmpty();
        assertThat(look(7_000, 12_000, member("a", 1))).isEmpty();
    }

    @Test
    void after_an_outage_of_the_database_nobody_is_dead() {
        look(0, 5_000, member("a", 1));
        liveness.interrupted();
        assertThat(look(6_000, 11_000, member("a", 1))).isEmpty();
        assertThat(look(12_000, 12_000, member("a", 1))).hasSize(1);
    }

    @Test
    void who_stood_still_himself_has_seen_nothing_meanwhile() {
        look(0, 2_000, member("a", 1));
        assertThat(look(60_000, 65_000, member("a", 1))).isEmpty();
        assertThat(look(66_000, 66_000, member("a", 1))).hasSize(1);
    }

    /** After a failover, the database may be some commits older. */
    @Test
    void a_version_that_goes_back_is_a_change() {
        look(0, 5_000, member("a", 7));
        assertThat(look(6_000, 11_000, member("a", 5))).isEmpty();
    }
}
