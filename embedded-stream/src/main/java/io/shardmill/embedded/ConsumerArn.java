package io.shardmill.embedded;

import io.shardmill.embedded.metadata.ConsumerMeta;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A consumer's ARN, which tells it from another that had its name before. */
record ConsumerArn(String streamArn, String name, long createdSecond) {

    private static final Pattern TEXT = Pattern.compile("(.+)/consumer/([a-zA-Z0-9_.-]{1,128}):([0-9]{1,12})");

    /** Null if the text is none. */
    static @Nullable ConsumerArn parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? new ConsumerArn(matcher.group(1), matcher.group(2), Long.parseLong(matcher.group(3)))
                : null;
    }

    boolean isOf(ConsumerMeta consumer) {
        return consumer.name().equals(name) && consumer.createdSecond() == createdSecond;
    }

    @Override
    public String toString() {
        return streamArn + "/consumer/" + name + ":" + createdSecond;
    }
}
