package io.shardmill.embedded;

import io.shardmill.embedded.internal.metadata.ConsumerMeta;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Identifies a consumer, and distinguishes it from an earlier one of the same name. */
record ConsumerArn(String streamArn, String name, long createdSecond) {

    private static final Pattern TEXT = Pattern.compile("(.+)/consumer/([a-zA-Z0-9_.-]{1,128}):([0-9]{1,12})");

    /** Returns null unless the text is a consumer's ARN. */
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
