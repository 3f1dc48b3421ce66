package io.shardmill.examples.accountbalance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Balances in the application's database. <em>Not</em> idempotent: a movement that is added twice counts twice. It has no
 * transactions of its own, so that it takes part in the one in which the mapping, which is transactional, invokes the function.
 */
@Component
class BalanceTable {

    private static final String UPDATE =
            "update balance set cents = cents + ?, movements = movements + ?, last_sequence = ? where account = ?";
    private static final String INSERT =
            "insert into balance (cents, movements, last_sequence, account) values (?, ?, ?, ?)";

    private final JdbcTemplate jdbc;

    BalanceTable(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** @param changes one for each account */
    void add(List<BalanceChange> changes) {
        int[] updated = batch(UPDATE, changes);
        List<BalanceChange> first = new ArrayList<>();
        for (int index = 0; index < updated.length; index++) {
            if (updated[index] == 0) {
                first.add(changes.get(index));
            }
        }
        batch(INSERT, first);
    }

    private int[] batch(String sql, List<BalanceChange> changes) {
        return jdbc.batchUpdate(
                sql,
                changes.stream()
                        .map(change -> new Object[] {
                            change.cents(), change.movements(), change.lastSequence(), change.account()
                        })
                        .toList());
    }

    /** Returns the cents of each account whose name begins so. */
    Map<String, Long> balances(String prefix) {
        Map<String, Long> balances = new LinkedHashMap<>();
        jdbc.query(
                "select account, cents from balance where account like ? order by account",
                row -> {
                    balances.put(row.getString("account"), row.getLong("cents"));
                },
                prefix + "%");
        return balances;
    }

    /** Returns how many movements were added to these accounts. */
    long movements(String prefix) {
        Long sum = jdbc.queryForObject(
                "select coalesce(sum(movements), 0) from balance where account like ?", Long.class, prefix + "%");
        return sum == null ? 0 : sum;
    }
}
