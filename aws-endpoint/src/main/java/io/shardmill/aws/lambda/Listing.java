package io.shardmill.aws.lambda;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Page;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Answers lists in pages by {@code Marker} and {@code MaxItems}; a marker is the key of the last item before. */
final class Listing {

    private Listing() {}

    /**
     * Answers one page.
     *
     * @param most items of a page
     * @param member the list's name
     * @param key a text of its own for each item; the items are sorted by it
     */
    static <T> AwsResponse answer(
            Members request, int most, String member, List<T> all, Function<T, String> key, Function<T, Object> json) {
        Page<T> page = Page.of(
                all.stream().sorted(Comparator.comparing(key)).toList(),
                key,
                request.get(FunctionMembers.MARKER),
                Math.min(most, request.get(FunctionMembers.MAX_ITEMS, most)));
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(member, page.items().stream().map(json).toList());
        if (page.next() != null) {
            members.put("NextMarker", page.next());
        }
        return LambdaResponses.json(200, members);
    }
}
