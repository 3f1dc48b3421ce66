package io.shardmill.aws.protocol;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a listing. The next page begins after the key of the last item, so items may be added and deleted meanwhile.
 *
 * @param next the key of the last item; null if nothing is left behind it
 */
public record Page<T>(List<T> items, @Nullable String next) {

    /**
     * Returns a page.
     *
     * @param all in the order of their keys
     * @param key a text of its own for each item
     * @param after the key of the last item of the page before; null for the first page
     * @param most items of the page; at least 1
     */
    public static <T> Page<T> of(List<T> all, Function<T, String> key, @Nullable String after, int most) {
        List<T> rest = after == null
                ? all
                : all.stream()
                        .filter(item -> key.apply(item).compareTo(after) > 0)
                        .toList();
        boolean isLast = rest.size() <= most;
        List<T> items = isLast ? rest : rest.subList(0, most);
        return new Page<>(items, isLast ? null : key.apply(items.get(items.size() - 1)));
    }

    public boolean isLast() {
        return next == null;
    }
}
