package io.shardmill.function;

import java.util.Objects;

/**
 * The shard a record was read from.
 *
 * @param stream the stream's name
 * @param id the shard's id within the stream, such as {@code shardId-000000000003}
 */
public record Shard(String stream, String id) {

    public Shard {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(id, "id");
    }

    /** {@code stream/id}, as logs name a shard. */
    @Override
    public String toString() {
        return stream + "/" + id;
    }
}
