package io.shardmill.poller.checkpoint;

/**
 * Where processes that share shards find each other.
 *
 * @param members in the database of the checkpoints
 * @param heartbeats the same members, by a connection that nothing else uses: a pool that is exhausted must not look like death
 */
public record MemberStores(MemberStore members, MemberStore heartbeats) {}
