package io.shardmill.interop.replicas;

import java.util.List;

/** What happens to some replicas of a fleet at once, or to the database of all. Afterwards all replicas are there again. */
enum Trouble {

    /** {@code kill -9}. */
    KILL {
        @Override
        String happen(Fleet fleet, List<ReplicaProcess> victims) {
            TakeOver others = new TakeOver(fleet, victims);
            victims.forEach(fleet::kill);
            victims.forEach(killed -> fleet.start());
            return others.await().toString();
        }
    },

    /** SIGSTOP until others have the shards, and SIGCONT. */
    PAUSE {
        @Override
        String happen(Fleet fleet, List<ReplicaProcess> victims) {
            TakeOver others = new TakeOver(fleet, victims);
            victims.forEach(ReplicaProcess::standStill);
            others.await();
            victims.forEach(ReplicaProcess::goOn);
            return others.toString();
        }
    },

    /** Packets from and to the database arrive only when others have the shards. */
    PARTITION {
        @Override
        String happen(Fleet fleet, List<ReplicaProcess> victims) {
            TakeOver others = new TakeOver(fleet, victims);
            victims.forEach(victim -> victim.database().swallow(true));
            others.await();
            victims.forEach(victim -> victim.database().swallow(false));
            return others.toString();
        }
    },

    /** As a partition, after which the connections of before are never heard of again. */
    LOST_CONNECTIONS {
        @Override
        String happen(Fleet fleet, List<ReplicaProcess> victims) {
            TakeOver others = new TakeOver(fleet, victims);
            victims.forEach(victim -> victim.database().swallow(true));
            others.await();
            victims.forEach(victim -> victim.database().loseConnections());
            return others.toString();
        }
    },

    /** SIGTERM. */
    TERMINATE {
        @Override
        String happen(Fleet fleet, List<ReplicaProcess> victims) {
            TakeOver others = new TakeOver(fleet, victims);
            victims.forEach(fleet::terminate);
            victims.forEach(ended -> fleet.start());
            return others.await().toString();
        }
    },

    DATABASE_RESTART {
        @Override
        String happen(Fleet fleet, List<ReplicaProcess> victims) {
            fleet.database().restart();
            return "all replicas had to connect again";
        }
    },

    /** No packet arrives from any replica until all of them would be dead if somebody could tell. */
    DATABASE_OUTAGE {
        @Override
        String happen(Fleet fleet, List<ReplicaProcess> victims) {
            List<String> members = fleet.audit().members();
            fleet.replicas().forEach(replica -> replica.database().swallow(true));
            fleet.awaitSilence();
            fleet.replicas().forEach(replica -> replica.database().swallow(false));
            fleet.awaitCalm();
            members.removeAll(fleet.audit().members());
            return members.size() + " of " + Fleet.REPLICAS + " were taken for dead";
        }
    };

    /** Returns what is to be told of it. */
    abstract String happen(Fleet fleet, List<ReplicaProcess> victims);
}
