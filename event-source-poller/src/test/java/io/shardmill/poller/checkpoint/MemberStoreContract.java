package io.shardmill.poller.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link MemberStore} promises. */
public abstract class MemberStoreContract {

    private static final String NAMESPACE = "shop";
    private static final MappingKey ORDERS = new MappingKey(NAMESPACE, "orders", "orders", "first");
    private static final MappingKey CLICKS = new MappingKey(NAMESPACE, "clicks", "clicks", "first");

    /** The store under test, empty before each test. */
    protected abstract MemberStore store();

    @Test
    void a_member_that_joins_is_able_to_consume_nothing_yet() {
        store().join(NAMESPACE, "a", 6_000);
        assertThat(store().members(NAMESPACE)).containsExactly(new MemberRow("a", 1, 6_000, Set.of(), false));
        assertThat(store().members("elsewhere")).isEmpty();
    }

    @Test
    void a_heartbeat_raises_the_version_and_nothing_else() {
        store().join(NAMESPACE, "a", 6_000);
        store().join(NAMESPACE, "b", 9_000);
        store().describe(NAMESPACE, "a", Set.of(ORDERS, CLICKS), false);
        assertThat(store().renew(NAMESPACE, "a")).isTrue();

        assertThat(store().members(NAMESPACE))
                .containsExactly(
                        new MemberRow("a", 2, 6_000, Set.of(ORDERS, CLICKS), false),
                        new MemberRow("b", 1, 9_000, Set.of(), false));
    }

    @Test
    void a_member_is_described_anew() {
        store().join(NAMESPACE, "a", 6_000);
        store().describe(NAMESPACE, "a", Set.of(ORDERS), false);
        store().describe(NAMESPACE, "a", Set.of(CLICKS), false);
        assertThat(store().members(NAMESPACE)).containsExactly(new MemberRow("a", 1, 6_000, Set.of(CLICKS), false));
        store().describe(NAMESPACE, "a", Set.of(), false);
        assertThat(store().members(NAMESPACE)).containsExactly(new MemberRow("a", 1, 6_000, Set.of(), false));
    }

    @Test
    void a_member_that_is_drained_stays_so_until_it_is_described_anew() {
        store().join(NAMESPACE, "a", 6_000);
        store().describe(NAMESPACE, "a", Set.of(ORDERS), true);
        store().renew(NAMESPACE, "a");
        assertThat(store().members(NAMESPACE)).containsExactly(new MemberRow("a", 2, 6_000, Set.of(ORDERS), true));
        store().describe(NAMESPACE, "a", Set.of(ORDERS), false);
        assertThat(store().members(NAMESPACE)).containsExactly(new MemberRow("a", 2, 6_000, Set.of(ORDERS), false));
    }

    @Test
    void a_dead_member_is_removed_for_good() {
        store().join(NAMESPACE, "a", 6_000);
        store().describe(NAMESPACE, "a", Set.of(ORDERS), false);
        store().remove(NAMESPACE, "a", 1);

        assertThat(store().members(NAMESPACE)).isEmpty();
        assertThat(store().renew(NAMESPACE, "a")).isFalse();
        store().describe(NAMESPACE, "a", Set.of(ORDERS), false);
        store().join(NAMESPACE, "a again", 6_000);
        assertThat(store().members(NAMESPACE)).containsExactly(new MemberRow("a again", 1, 6_000, Set.of(), false));
    }

    @Test
    void a_member_whose_heartbeat_came_meanwhile_is_not_removed() {
        store().join(NAMESPACE, "a", 6_000);
        store().describe(NAMESPACE, "a", Set.of(ORDERS), false);
        store().renew(NAMESPACE, "a");
        store().remove(NAMESPACE, "a", 1);
        assertThat(store().members(NAMESPACE)).containsExactly(new MemberRow("a", 2, 6_000, Set.of(ORDERS), false));
    }

    @Test
    void a_member_that_leaves_is_gone() {
        store().join(NAMESPACE, "a", 6_000);
        store().join(NAMESPACE, "b", 6_000);
        store().describe(NAMESPACE, "a", Set.of(ORDERS), false);
        store().leave(NAMESPACE, "a");
        store().leave(NAMESPACE, "unknown");
        assertThat(store().members(NAMESPACE)).extracting(MemberRow::id).containsExactly("b");
    }
}
