package io.shardmill.poller.testkit;

import io.shardmill.poller.internal.shard.EngineTimer;
import io.shardmill.poller.stream.ForwardingSource;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.stream.ShardGroup;
import io.shardmill.poller.stream.ShardReader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The topic of a {@link FakeGroup} as one process reads it. */
public final class FakeGroupTopic extends ForwardingSource implements ShardGroup {

    private final FakeGroup group;
    private final String process;
    private final EngineTimer timer;
    private @Nullable FakeGroupMember member;

    public FakeGroupTopic(FakeGroup group, String process, EngineTimer timer) {
        super(group.topic);
        this.group = group;
        this.process = process;
        this.timer = timer;
    }

    /** Returns this process as it has joined the group last; null before. */
    public @Nullable FakeGroupMember member() {
        return member;
    }

    @Override
    public Optional<ShardGroup> group() {
        return Optional.of(this);
    }

    @Override
    public String name() {
        return "fake group";
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return () -> {}; // the group tells
    }

    @Override
    public Membership join(String store, Runnable changed) {
        FakeGroupMember joined = new FakeGroupMember(group, process, store, timer, changed);
        FakeGroupMember before = member;
        member = joined;
        if (before != null) {
            before.close();
        }
        joined.start();
        return joined;
    }

    @Override
    public ShardReader open(String shard, Position from, Runnable wake) {
        if (member == null) {
            throw new IllegalStateException("the group was left");
        }
        return member.open(shard, from, wake);
    }
}
