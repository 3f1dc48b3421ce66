package io.shardmill.examples.accountbalance;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Random movements of a hundred accounts: the same for the same seed, and of other accounts for another one.
 *
 * @param seed 0 or more
 */
record GeneratedMovements(int seed, int count) {

    private static final int ACCOUNTS = 100;
    private static final int LARGEST = 100_000;

    /** What the names of the accounts begin with. */
    String prefix() {
        return "a-" + seed + "-";
    }

    List<Movement> all() {
        Random random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(number -> new Movement(
                        prefix() + random.nextInt(ACCOUNTS), "m-" + number, random.nextInt(-LARGEST, LARGEST + 1)))
                .toList();
    }

    Map<String, Long> sums() {
        return all().stream()
                .collect(Collectors.groupingBy(
                        Movement::account, TreeMap::new, Collectors.summingLong(Movement::cents)));
    }
}
