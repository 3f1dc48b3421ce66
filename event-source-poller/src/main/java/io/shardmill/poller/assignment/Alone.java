package io.shardmill.poller.assignment;

import io.shardmill.poller.checkpoint.MappingKey;

/** The one process that there is consumes all shards: the database is a file that nobody else can open. */
public final class Alone implements Assignment {

    private final Share share;

    /** @param owner the name under which this process owns shards, another one at each start */
    public Alone(String owner) {
        this.share = Share.whole(owner);
    }

    @Override
    public Participation join(MappingKey mapping, Runnable changed) {
        return new Participation() {
            @Override
            public Share share() {
                return share;
            }

            @Override
            public void ask(boolean forShards) {}

            @Override
            public void close() {}
        };
    }

    @Override
    public boolean mayInvoke(String owner) {
        return true;
    }

    @Override
    public void leave() {}
}
