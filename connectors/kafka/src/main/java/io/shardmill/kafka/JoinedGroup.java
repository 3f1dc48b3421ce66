package io.shardmill.kafka;

import io.shardmill.poller.stream.ShardGroup.Assigned;
import io.shardmill.poller.stream.ShardGroup.Membership;
import org.jspecify.annotations.Nullable;

/**
 * A membership that is not remembered any more when it has ended.
 *
 * @param left called when it has
 */
record JoinedGroup(Membership member, Runnable left) implements Membership {

    @Override
    public Assigned assigned() {
        return member.assigned();
    }

    @Override
    public @Nullable String problem() {
        return member.problem();
    }

    @Override
    public void ask(boolean forShards) {
        member.ask(forShards);
    }

    @Override
    public void supersede() {
        member.supersede();
    }

    @Override
    public void close() {
        member.close();
        left.run();
    }
}
