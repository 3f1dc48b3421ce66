package io.shardmill.poller.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Lanes are part of the checkpoint's format: these vectors, computed by another program, must never change.
 * How Lambda assigns keys to lanes is not known (spec 6.6); a stable hash is this project's choice.
 */
class LaneHashTest {

    /** By key: its lane under the factors 1 to 10. */
    private static final Map<String, List<Integer>> VECTORS = Map.of(
            "",
            List.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
            "a",
            List.of(0, 1, 2, 1, 0, 5, 0, 1, 2, 5),
            "order-7",
            List.of(0, 0, 1, 2, 0, 4, 4, 6, 4, 0),
            "key-\u00e9\u4e2d\ud83d\ude00",
            List.of(0, 0, 2, 2, 3, 2, 6, 6, 2, 8),
            "shard",
            List.of(0, 1, 0, 3, 2, 3, 3, 3, 6, 7),
            "1",
            List.of(0, 0, 1, 0, 4, 4, 0, 0, 7, 4),
            "2",
            List.of(0, 1, 2, 1, 1, 5, 3, 5, 2, 1),
            "customer-1000000",
            List.of(0, 0, 0, 0, 3, 0, 2, 4, 6, 8),
            "x".repeat(256),
            List.of(0, 0, 1, 2, 0, 4, 0, 2, 4, 0));

    @Test
    void a_keys_lane_is_what_it_always_was() {
        VECTORS.forEach((key, lanes) -> assertThat(IntStream.rangeClosed(1, 10)
                        .map(factor -> LaneHash.laneOf(key, factor))
                        .boxed())
                .as("key '%s'", key)
                .containsExactlyElementsOf(lanes));
    }

    @Test
    void similar_keys_spread_over_all_lanes() {
        for (int factor = 2; factor <= 10; factor++) {
            int[] keys = new int[factor];
            for (int number = 0; number < 10_000; number++) {
                keys[LaneHash.laneOf("key-" + number, factor)]++;
            }
            assertThat(Arrays.stream(keys).map(count -> count * keys.length))
                    .as("factor %d", factor)
                    .allMatch(count -> count > 9_000 && count < 11_000);
        }
    }
}
