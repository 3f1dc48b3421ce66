package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.MemberStore;
import io.shardmill.poller.checkpoint.MemberStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresMemberStoreTest extends MemberStoreContract {

    @RegisterExtension
    static final PostgresDatabase POSTGRES = new PostgresDatabase();

    @Override
    protected MemberStore store() {
        return new JdbcMemberStore(POSTGRES.dataSource());
    }
}
