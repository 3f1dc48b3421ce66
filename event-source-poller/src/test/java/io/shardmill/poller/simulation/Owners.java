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

    private final Map<String, Map<SimulatedProcess, ConsumerModel>> atWork = new HashMap<>();
    private final Predicate<String> isMember;

    /** @param isMember whether a process of this id counts as alive among the processes */
    Owners(Predicate<String> isMember) {
        this.isMember = isMember;
    }

    void worksOn(SimulatedProcess process, String shard, ConsumerModel consumer) {
        if (consumer.isOfThePast) {
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
