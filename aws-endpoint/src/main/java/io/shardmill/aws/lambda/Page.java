package io.shardmill.aws.lambda;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Lists in pages, whose marker is the key of the last item of the page before: what comes and goes meanwhile does no harm. */
final class Page {

    private Page() {}

    /**
     * One page as Lambda answers it.
     *
     * @param member the list's name
     * @param key distinct texts, by which the items are in order
     */
    static <T> Map<String, Object> of(
            Call call, int most, String member, List<T> all, Function<T, String> key, Function<T, Object> json) {
        String after = call.marker();
        List<T> rest = all.stream()
                .sorted(Comparator.comparing(key))
                .filter(item -> after == null || key.apply(item).compareTo(after) > 0)
                .toList();
        List<T> page = rest.subList(0, Math.min(rest.size(), call.pageSize(most)));
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(member, page.stream().map(json).toList());
        if (page.size() < rest.size()) {
            members.put("NextMarker", key.apply(page.get(page.size() - 1)));
        }
        return members;
    }
}
