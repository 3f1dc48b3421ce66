package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import org.h2.api.ErrorCode;
import org.h2.message.DbException;
import org.junit.jupiter.api.Test;

/** As H2 wraps them. */
class DatabaseFailuresTest {

    @Test
    void a_lock_timeout_is_no_damage() {
        SQLException failure = DbException.getJdbcSQLException(ErrorCode.LOCK_TIMEOUT_1, "CHECKPOINT");

        assertThat(DatabaseFailures.isDamageOfOwnFile(failure)).isFalse();
        assertThat(DatabaseFailures.isDamage(failure)).isFalse();
    }

    @Test
    void a_failure_repeated_until_the_lock_timeout_is_what_it_was() {
        DbException missing = DbException.get(ErrorCode.ROW_NOT_FOUND_IN_PRIMARY_INDEX, "4711");
        DbException full =
                DbException.convertIOException(new IOException("No space left on device"), "checkpoints.mv.db");

        assertThat(DatabaseFailures.isDamageOfOwnFile(repeated(missing))).isTrue();
        assertThat(DatabaseFailures.isDamageOfOwnFile(repeated(full))).isFalse();
    }

    @Test
    void an_error_inside_the_database_is_damage() {
        SQLException failure = DbException.toSQLException(new AssertionError("a page's type"));

        assertThat(DatabaseFailures.isDamage(failure)).isTrue();
    }

    @Test
    void a_failure_of_another_database_is_no_damage() {
        assertThat(DatabaseFailures.isDamage(new SQLException("broken", "HY000", ErrorCode.FILE_CORRUPTED_1)))
                .isFalse();
    }

    private static SQLException repeated(DbException failure) {
        return DbException.get(ErrorCode.LOCK_TIMEOUT_1, failure, "CHECKPOINT").getSQLException();
    }
}
