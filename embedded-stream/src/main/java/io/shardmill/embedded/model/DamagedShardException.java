package io.shardmill.embedded.model;

/** Reports damaged or missing records; the message names the shard and the file and says what to do. */
public final class DamagedShardException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    public DamagedShardException(String message) {
        super(message);
    }
}
