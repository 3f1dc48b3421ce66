package io.shardmill.spring;

import com.zaxxer.hikari.HikariDataSource;
import io.shardmill.poller.checkpoint.MemberStores;
import io.shardmill.poller.checkpoint.jdbc.JdbcMemberStore;
import javax.sql.DataSource;

/** The tables in which the replicas of the application find each other. */
record Replicas(MemberStores members, HikariDataSource heartbeats) implements AutoCloseable {

    static Replicas on(DataSource checkpoints, HikariDataSource heartbeats) {
        return new Replicas(
                new MemberStores(new JdbcMemberStore(checkpoints), new JdbcMemberStore(heartbeats)), heartbeats);
    }

    /** After the engine, which leaves the other replicas first. */
    @Override
    public void close() {
        heartbeats.close();
    }
}
