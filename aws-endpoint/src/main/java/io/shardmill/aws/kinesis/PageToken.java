package io.shardmill.aws.kinesis;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Page;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A NextToken: words that say where a listing continues, good for 300 seconds. They are not secret. */
final class PageToken {

    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final String SEPARATOR = "\n";

    private PageToken() {}

    /** Returns the token behind a page of a listing whose only word is its key; null behind the last page. */
    static @Nullable String issue(String kind, Clock clock, Page<?> page) {
        return page.next() == null ? null : issue(kind, clock, page.next());
    }

    /** @param kind of listing; words have no line breaks */
    static String issue(String kind, Clock clock, String... words) {
        List<String> all = new ArrayList<>(List.of(kind, String.valueOf(clock.millis())));
        all.addAll(List.of(words));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(String.join(SEPARATOR, all).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The words of a token.
     *
     * @throws AwsException if it wasn't issued for this kind of listing and so many words, or is too old
     */
    static List<String> read(String kind, Clock clock, String token, int words) {
        Instant issued;
        List<String> all;
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            all = List.of(text.split(SEPARATOR, -1));
            if (!all.get(0).equals(kind) || all.size() != words + 2) {
                throw invalid();
            }
            issued = Instant.ofEpochMilli(Long.parseLong(all.get(1)));
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
        if (clock.instant().isAfter(issued.plus(LIFE))) {
            throw KinesisErrors.of(
                    "ExpiredNextTokenException",
                    "The NextToken was issued at " + issued + " and is good for " + LIFE.toSeconds() + " seconds.");
        }
        return all.subList(2, all.size());
    }

    static AwsException invalid() {
        return KinesisErrors.invalidArgument("The provided NextToken is not valid.");
    }
}
