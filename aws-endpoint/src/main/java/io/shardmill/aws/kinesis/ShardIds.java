package io.shardmill.aws.kinesis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Shard ids as Kinesis reads them: only the number behind the hyphen counts, so {@code shard-0} is the first shard. */
final class ShardIds {

    private static final Pattern NUMBER = Pattern.compile("(?:[^-]*-)?0*([0-9]{1,10})(?:-.*)?");

    private final StreamNames names;

    ShardIds(StreamNames names) {
        this.names = names;
    }

    /**
     * Returns the id in its usual form.
     *
     * @param stream need not exist
     */
    String read(String id, String stream) {
        Matcher number = NUMBER.matcher(id);
        if (!number.matches() || Long.parseLong(number.group(1)) > Integer.MAX_VALUE) {
            throw KinesisErrors.notFound(
                    "Could not find shard " + id + " in stream " + stream + " under account " + names.account() + ".");
        }
        return "shardId-" + "0".repeat(12 - number.group(1).length()) + number.group(1);
    }
}
