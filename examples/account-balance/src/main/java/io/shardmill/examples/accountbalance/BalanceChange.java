package io.shardmill.examples.accountbalance;

import io.shardmill.function.Record;

/**
 * What some movements make of one account's balance.
 *
 * @param lastSequence the sequence number of the last of them
 */
record BalanceChange(String account, long cents, int movements, String lastSequence) {

    static BalanceChange of(Movement movement, Record record) {
        return new BalanceChange(
                movement.account(), movement.cents(), 1, record.sequenceNumber().toString());
    }

    BalanceChange then(BalanceChange later) {
        return new BalanceChange(account, cents + later.cents, movements + later.movements, later.lastSequence);
    }
}
