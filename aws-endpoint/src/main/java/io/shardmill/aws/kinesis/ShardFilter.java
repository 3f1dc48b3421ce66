package io.shardmill.aws.kinesis;

import static io.shardmill.aws.protocol.Constraint.oneOf;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Shape;
import java.time.Instant;
import java.util.Arrays;
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

    private static final Member<String> TYPE = Member.text(
            "Type", oneOf(Arrays.stream(Type.values()).map(Type::name).toList()));
    private static final Member<Instant> TIMESTAMP = Member.time("Timestamp");
    static final Member<Members> MEMBER =
            Member.structure("ShardFilter", Shape.of(TYPE.required(), KinesisMembers.SHARD_ID, TIMESTAMP));

    /** @throws AwsException if what its type needs is missing */
    static ShardFilter of(Members request) {
        Members members = request.get(MEMBER);
        if (members == null) {
            return ALL;
        }
        Type type = Type.valueOf(members.require(TYPE));
        ShardFilter filter = new ShardFilter(type, members.get(KinesisMembers.SHARD_ID), members.get(TIMESTAMP));
        if (type == Type.AFTER_SHARD_ID && filter.shardId == null) {
            throw KinesisErrors.invalidArgument("ShardId must be provided when ShardFilter is of type " + type + ".");
        }
        if (type.hasTime() && filter.timestamp == null) {
            throw KinesisErrors.invalidArgument("Timestamp must be provided when ShardFilter is of type " + type + ".");
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
