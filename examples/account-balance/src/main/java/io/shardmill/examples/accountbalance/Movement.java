package io.shardmill.examples.accountbalance;

import java.util.Objects;

/**
 * A movement of an account, as its record has it.
 *
 * @param account the partition key, too
 * @param movement names it
 * @param cents negative if they leave the account
 */
record Movement(String account, String movement, long cents) {

    Movement {
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(movement, "movement");
    }
}
