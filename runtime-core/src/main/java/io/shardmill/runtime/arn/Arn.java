package io.shardmill.runtime.arn;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An Amazon Resource Name.
 *
 * @param resource the rest, which may have colons
 */
public record Arn(String partition, String service, String region, String account, String resource) {

    private static final Pattern FORM = Pattern.compile("arn:([^:]*):([^:]*):([^:]*):([^:]*):(.*)", Pattern.DOTALL);

    /** Returns null if the text is of another form. */
    public static @Nullable Arn parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? new Arn(form.group(1), form.group(2), form.group(3), form.group(4), form.group(5))
                : null;
    }

    @Override
    public String toString() {
        return String.join(":", "arn", partition, service, region, account, resource);
    }
}
