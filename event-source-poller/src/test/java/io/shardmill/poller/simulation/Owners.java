package io.shardmill.poller.simulation;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Who works on which shard: no two processes at once, unless one of them is taken for dead or has given the shard up, or the
 * database has forgotten that it is one's.
 */
final class Owners {

    /** How long a process works on without knowing that the database has forgotten it: as without a heartbeat. */
    private static final long UNAWARE_MILLIS = 5_000;

    private final Map<String, Map<SimulatedProcess, ConsumerModel>> atWork = new HashMap<>();
    private final Predicate<String> isMember;

    private long wentBackAt = Long.MIN_VALUE / 2;

    /** @param isMember whether a process of this id counts as alive among the processes */
    Owners(Predicate<String> isMember) {
        this.isMember = isMember;
    }

    /** The database is as it was some time ago. */
    void wentBack(long now) {
        wentBackAt = now;
    }

    void worksOn(SimulatedProcess process, String shard, ConsumerModel consumer, long now) {
        if (consumer.isOfThePast || now - wentBackAt < UNAWARE_MILLIS) {
            return;
        }
        Violation.unless(isMember.test(process.owners.getOrDefault(shard, "")), "it is taken for dead");
        Map<SimulatedProcess, ConsumerModel> workers = atWork.computeIfAbsent(shard, missing -> new LinkedHashMap<>());
        workers.forEach((other, its) -> Violation.unless(
                other == process || !owns(other, shard, its), other.name + " works on it at the same time"));
        workers.put(process, consumer);
    }

    private boolean owns(SimulatedProcess process, String shard, ConsumerModel consumer) {
        return process.isAlive()
                && !consumer.isGivenUp
                && !consumer.isOfThePast
                && isMember.test(process.owners.getOrDefault(shard, ""));
    }

    void rests(SimulatedProcess process, String shard) {
        Map<SimulatedProcess, ConsumerModel> workers = atWork.get(shard);
        if (workers != null) {
            workers.remove(process);
        }
    }
}
