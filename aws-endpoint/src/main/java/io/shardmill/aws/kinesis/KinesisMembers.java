package io.shardmill.aws.kinesis;

import static io.shardmill.aws.protocol.Constraint.entries;
import static io.shardmill.aws.protocol.Constraint.items;
import static io.shardmill.aws.protocol.Constraint.length;
import static io.shardmill.aws.protocol.Constraint.lengthOfEach;
import static io.shardmill.aws.protocol.Constraint.matches;
import static io.shardmill.aws.protocol.Constraint.matchesArn;
import static io.shardmill.aws.protocol.Constraint.range;

import io.shardmill.aws.protocol.Member;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The members that several of Kinesis's operations have, with the constraints of Kinesis's API model. */
final class KinesisMembers {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]+");
    private static final Pattern HASH_KEY = Pattern.compile("0|([1-9]\\d{0,38})");
    private static final Pattern SEQUENCE_NUMBER = Pattern.compile("0|([1-9]\\d{0,128})");

    static final Member<String> STREAM_NAME = name("StreamName");
    static final Member<String> STREAM_ARN = arn("StreamARN", "arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+");
    static final Member<String> CONSUMER_NAME = name("ConsumerName");
    static final Member<String> CONSUMER_ARN = arn(
            "ConsumerARN",
            "^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+");
    static final Member<String> SHARD_ID = name("ShardId");
    static final Member<Integer> LIMIT = Member.integer("Limit", range(1, 10_000));
    static final Member<Integer> MAX_RESULTS = Member.integer("MaxResults", range(1, 10_000));
    static final Member<String> NEXT_TOKEN = Member.text("NextToken", length(1, 1 << 20));
    static final Member<Map<String, String>> TAGS = Member.textMap("Tags", entries(1, 200, 128, 256));
    static final Member<List<String>> TAG_KEYS = Member.texts("TagKeys", items(1, 50), lengthOfEach(1, 128));
    static final Member<Integer> MAX_RECORD_SIZE = Member.integer("MaxRecordSizeInKiB", range(1_024, 10_240));

    private KinesisMembers() {}

    /** Defines the name of a stream, a shard or a consumer. */
    static Member<String> name(String name) {
        return Member.text(name, length(1, 128), matches(NAME));
    }

    static Member<String> arn(String name, String pattern) {
        return Member.text(name, length(1, 2_048), matchesArn(pattern));
    }

    static Member<String> hashKey(String name) {
        return Member.text(name, matches(HASH_KEY));
    }

    static Member<String> sequenceNumber(String name) {
        return Member.text(name, matches(SEQUENCE_NUMBER));
    }
}
