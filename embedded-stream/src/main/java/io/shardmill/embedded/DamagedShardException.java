package io.shardmill.embedded;

/** The records at a position are damaged or missing; the message names the shard and the file and says what to do. */
public final class DamagedShardException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    DamagedShardException(String message) {
        super(message);
    }
}
