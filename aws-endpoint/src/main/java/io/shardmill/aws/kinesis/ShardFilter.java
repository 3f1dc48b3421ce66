package io.shardmill.aws.kinesis;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which shards ListShards lists (AWS's page "ShardFilter").
 *
 * @param shardId of AFTER_SHARD_ID
 * @param timestamp of AT_TIMESTAMP and FROM_TIMESTAMP
 */
record ShardFilter(
        Type type, @Nullable String shardId, @Nullable Instant timestamp) {

    enum Type {
        AFTER_SHARD_ID,
        AT_TRIM_HORIZON,
        FROM_TRIM_HORIZON,
        AT_LATEST,
        AT_TIMESTAMP,
        FROM_TIMESTAMP;

        boolean hasTime() {
            return this == AT_TIMESTAMP || this == FROM_TIMESTAMP;
        }
    }

    static final ShardFilter ALL = new ShardFilter(Type.FROM_TRIM_HORIZON, null, null);

    private static final List<String> TYPES =
            Arrays.stream(Type.values()).map(Type::name).toList();

    /** Call {@link #of} when these hold. */
    static Constraints constraints(Members request) {
        Members filter = request.of("ShardFilter");
        String type = filter.text("Type");
        String shardId = filter.text("ShardId");
        Constraints constraints = new Constraints()
                .oneOf("shardFilter.type", type, TYPES)
                .length("shardFilter.shardId", shardId, 1, 128)
                .matches("shardFilter.shardId", shardId, Constraints.STREAM_NAME);
        return request.has("ShardFilter") ? constraints.required("shardFilter.type", type) : constraints;
    }

    /** @throws KinesisException if what its type needs is missing */
    static ShardFilter of(Members request) {
        if (!request.has("ShardFilter")) {
            return ALL;
        }
        Members members = request.of("ShardFilter");
        Type type = Type.valueOf(String.valueOf(members.text("Type")));
        ShardFilter filter = new ShardFilter(type, members.text("ShardId"), members.time("Timestamp"));
        if (type == Type.AFTER_SHARD_ID && filter.shardId == null) {
            throw KinesisException.invalidArgument(
                    "ShardId must be provided when ShardFilter is of type " + type + ".");
        }
        if (type.hasTime() && filter.timestamp == null) {
            throw KinesisException.invalidArgument(
                    "Timestamp must be provided when ShardFilter is of type " + type + ".");
        }
        return filter;
    }

    ListedShards select(ListedShards all) {
        String after = shardId;
        Instant time = timestamp == null ? all.horizon() : timestamp;
        return switch (type) {
            case AFTER_SHARD_ID ->
                all.where(shard -> after == null || shard.id().compareTo(after) > 0);
            case AT_TRIM_HORIZON -> all.oldest();
            case FROM_TRIM_HORIZON -> all;
            case AT_LATEST -> all.where(shard -> shard.isOpen());
            case AT_TIMESTAMP -> all.openAt(time);
            case FROM_TIMESTAMP -> all.from(time);
        };
    }
}
