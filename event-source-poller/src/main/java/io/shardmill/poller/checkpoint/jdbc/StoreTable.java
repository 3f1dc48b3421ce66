package io.shardmill.poller.checkpoint.jdbc;

import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import io.shardmill.poller.checkpoint.StoreMark;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** The one row of {@code shardmill_store}. */
final class StoreTable {

    private static final String SELECT = "select * from shardmill_store where name = 'checkpoints'";
    private static final String INSERT = "insert into shardmill_store (name, id, generation, digest, checksum)"
            + " values ('checkpoints', :id, :generation, :digest, :checksum)";
    private static final String UPDATE = "update shardmill_store set id = :id, generation = :generation,"
            + " digest = :digest, checksum = :checksum where name = 'checkpoints'";

    private static final String DELETE = "delete from shardmill_store where name = 'checkpoints'";

    private final NamedParameterJdbcTemplate jdbc;
    private final Commits commits;

    /** @param digest of all rows at the last clean stop; null while the store is open, or if other processes may write to it */
    record Stored(StoreMark mark, @Nullable String digest) {

        /** Returns what is wrong with rows of this digest, or null: after a clean stop nobody changes them. */
        @Nullable
        String contradiction(@Nullable String rows) {
            return digest == null || digest.equals(rows)
                    ? null
                    : "rows are missing, or were changed since the last clean stop: there were " + digest
                            + ", there are " + rows;
        }
    }

    StoreTable(DataSource dataSource) {
        this.jdbc = new NamedParameterJdbcTemplate(dataSource);
        this.commits = new Commits(dataSource);
    }

    /** Returns null if there is no row, or no table. */
    @Nullable
    Stored read() {
        return commits.read("read table shardmill_store", () -> {
            try {
                return first(jdbc.query(SELECT, StoreTable::stored));
            } catch (BadSqlGrammarException missing) {
                return null;
            }
        });
    }

    private static Stored stored(ResultSet columns, int number) throws SQLException {
        long unusedChecksum = RowChecksum.STORE.require(columns, "table shardmill_store");
        return new Stored(
                new StoreMark(columns.getString("id"), columns.getLong("generation")), columns.getString("digest"));
    }

    private static @Nullable Stored first(List<Stored> rows) {
        return rows.isEmpty() ? null : rows.get(0);
    }

    /** Deletes a row that does not match its checksum: the store then gets another id. */
    void deleteIfDamaged() {
        boolean unused = commits.change("delete a damaged row of table shardmill_store", () -> {
            try {
                jdbc.query(SELECT, StoreTable::stored);
                return false;
            } catch (DamagedCheckpointsException damaged) {
                return jdbc.getJdbcTemplate().update(DELETE) == 1;
            }
        });
    }

    /**
     * Replaces the mark in a transaction; durable when it returns.
     *
     * @param next makes the new mark of the stored one, which is {@link StoreMark#first()} if there is none
     */
    StoreMark advance(UnaryOperator<StoreMark> next, @Nullable String digest) {
        return commits.change("advance table shardmill_store", () -> {
            Stored stored = first(jdbc.query(SELECT + " for update", StoreTable::stored));
            StoreMark mark = next.apply(stored == null ? StoreMark.first() : stored.mark());
            jdbc.update(
                    stored == null ? INSERT : UPDATE,
                    RowChecksum.STORE.addTo(new MapSqlParameterSource("id", mark.id())
                            .addValue("generation", mark.generation())
                            .addValue("digest", digest)));
            return mark;
        });
    }
}
