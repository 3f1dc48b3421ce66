package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import java.sql.Connection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GuardedDataSourceTest {

    @Test
    void who_comes_while_another_verifies_fails_at_once_as_the_last_verification_did() throws Exception {
        JdbcDataSource database = new JdbcDataSource();
        database.setUrl("jdbc:h2:mem:");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch reachable = new CountDownLatch(1);
        CheckpointStoreException atStart = new CheckpointStoreException("unreachable", null);
        GuardedDataSource guarded = new GuardedDataSource(
                database,
                () -> {
                    begun.countDown();
                    try {
                        assertThat(reachable.await(30, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException interrupted) {
                        throw new IllegalStateException(interrupted);
                    }
                },
                atStart);
        CompletableFuture<Boolean> first = CompletableFuture.supplyAsync(() -> {
            try (Connection lent = guarded.getConnection()) {
                return lent.isValid(1);
            } catch (java.sql.SQLException failure) {
                throw new IllegalStateException(failure);
            }
        });
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        assertThatThrownBy(guarded::getConnection)
                .isInstanceOf(CheckpointStoreException.class)
                .hasCause(atStart);

        reachable.countDown();
        assertThat(first.get(30, TimeUnit.SECONDS)).isTrue();
        guarded.getConnection().close();
    }
}
