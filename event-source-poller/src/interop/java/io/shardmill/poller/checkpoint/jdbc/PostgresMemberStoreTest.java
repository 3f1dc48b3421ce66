package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MemberStore;
import io.shardmill.poller.checkpoint.MemberStoreContract;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class PostgresMemberStoreTest extends MemberStoreContract {

    private static final Duration SOON = Duration.ofSeconds(10);

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

    @Test
    void one_that_stands_still_before_its_commit_can_be_removed() throws Exception {
        store().join("test", "one", 6_000);
        CountDownLatch standsStill = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        MemberStore stopped = new JdbcMemberStore(beforeCommits(() -> {
            standsStill.countDown();
            goesOn.await();
        }));
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Future<Boolean> heartbeat = threads.submit(() -> stopped.renew("test", "one"));
            standsStill.await();
            assertThat(threads.submit(() -> store().remove("test", "one", 1))).succeedsWithin(SOON);
            assertThat(store().members("test")).isEmpty();
            goesOn.countDown();
            assertThat(heartbeat).failsWithin(SOON);
        } finally {
            goesOn.countDown();
            threads.shutdown();
        }
    }

    private interface Hook {
        void run() throws InterruptedException;
    }

    private static DataSource beforeCommits(Hook hook) {
        return new DelegatingDataSource(POSTGRES.dataSource()) {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                return (Connection) Proxy.newProxyInstance(
                        Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                            if (method.getName().equals("commit")) {
                                hook.run();
                            }
                            try {
                                return method.invoke(connection, arguments);
                            } catch (InvocationTargetException thrown) {
                                throw thrown.getCause();
                            }
                        });
            }
        };
    }
}
