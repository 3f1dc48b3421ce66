package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.MemberStore;
import io.shardmill.poller.checkpoint.MemberStoreContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class H2MemberStoreTest extends MemberStoreContract {

    @RegisterExtension
    private final H2FileDatabase database = new H2FileDatabase();

    @Override
    protected MemberStore store() {
        return new JdbcMemberStore(database.pool());
    }
}
