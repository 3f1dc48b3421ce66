package io.shardmill.interop.replicas;

import io.shardmill.interop.replicas.Audit.Findings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Troubles in a random order, with one or two of the replicas as victims. */
final class RandomTroubles {

    private final Fleet fleet;
    private final Random random;
    private final String name;
    private final List<Trouble> ahead = new ArrayList<>();

    /** Prints its seed, which {@code -Dreplicas.seed} sets. */
    RandomTroubles(Fleet fleet, String name) {
        long seed = Long.getLong("replicas.seed", System.nanoTime());
        System.out.println(name + " seed " + seed);
        this.fleet = fleet;
        this.random = new Random(seed);
        this.name = name;
    }

    /** Makes one after the other until a time is over, or as long as {@code -Dreplicas.minutes} says; returns what was wrong. */
    Findings happen(Duration time) {
        Integer minutes = Integer.getInteger("replicas.minutes");
        long nanos =
                minutes == null ? time.toNanos() : Duration.ofMinutes(minutes).toNanos();
        Findings before = fleet.awaitCalm();
        long begun = System.nanoTime();
        Findings findings = new Findings(0, 0, 0, 0);
        int troubles = 0;
        while (troubles == 0 || System.nanoTime() - begun < nanos) {
            Trouble trouble = next();
            String told = trouble.happen(fleet, victims());
            long over = System.nanoTime();
            findings = fleet.awaitCalm().since(before);
            troubles++;
            long calm = Duration.ofNanos(System.nanoTime() - over).toMillis();
            System.out.printf(
                    "%s %d. %s: %s; calm %d ms later; so far %s%n", name, troubles, trouble, told, calm, findings);
        }
        System.out.printf(
                "%s: %d troubles in %d s; %s; %s%n",
                name,
                troubles,
                Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
                fleet.awaitDelivered(),
                findings);
        return findings;
    }

    /** Each once, in a random order, and so on; {@code -Dreplicas.troubles=KILL,PAUSE} has only these. */
    private Trouble next() {
        if (ahead.isEmpty()) {
            String named = System.getProperty("replicas.troubles");
            ahead.addAll(
                    named == null
                            ? List.of(Trouble.values())
                            : Arrays.stream(named.split(","))
                                    .map(Trouble::valueOf)
                                    .toList());
            Collections.shuffle(ahead, random);
        }
        return ahead.remove(0);
    }

    private List<ReplicaProcess> victims() {
        List<ReplicaProcess> replicas = new ArrayList<>(fleet.replicas());
        Collections.shuffle(replicas, random);
        return replicas.subList(0, 1 + random.nextInt(replicas.size() - 1));
    }
}
