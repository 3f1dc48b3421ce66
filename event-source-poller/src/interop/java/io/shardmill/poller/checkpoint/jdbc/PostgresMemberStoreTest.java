package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MemberStore;
import io.shardmill.poller.checkpoint.MemberStoreContract;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresMemberStoreTest extends MemberStoreContract {

    @RegisterExtension
    static final PostgresDatabase POSTGRES = new PostgresDatabase();

    @Override
    protected MemberStore store() {
        return new JdbcMemberStore(POSTGRES.dataSource());
    }

    @Test
    void a_member_may_be_described_while_it_leaves() throws Exception {
        MemberStore store = store();
        Set<MappingKey> mappings = IntStream.range(0, 20)
                .mapToObj(number -> new MappingKey("test", "mapping-" + number, "orders", "1"))
                .collect(Collectors.toSet());
        ExecutorService describing = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 100; round++) {
                String id = "member-" + round;
                store.join("test", id, 6_000);
                store.describe("test", id, mappings, false);
                Future<?> described = describing.submit(() -> store.describe("test", id, mappings, false));
                store.leave("test", id);
                described.get();
            }
        } finally {
            describing.shutdownNow();
        }
        assertThat(store.members("test")).isEmpty();
    }
}
