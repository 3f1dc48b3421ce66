package io.shardmill.poller.internal.shard;

import io.shardmill.poller.checkpoint.FunctionTransactions;
import io.shardmill.poller.event.EventFormat;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.poller.stream.StreamSource;
import org.jspecify.annotations.Nullable;

/**
 * What the shards of one mapping share.
 *
 * @param sender the on-failure destination, or null
 * @param transactions in which the function runs; null unless the mapping is transactional
 */
public record MappingPorts(
        StreamSource source,
        EventFormat format,
        BatchInvoker invoker,
        @Nullable BatchSender sender,
        Limits limits,
        ShardObserver observer,
        @Nullable FunctionTransactions transactions) {

    /** Returns the ports of a mapping that is not transactional. */
    public MappingPorts(
            StreamSource source,
            EventFormat format,
            BatchInvoker invoker,
            @Nullable BatchSender sender,
            Limits limits,
            ShardObserver observer) {
        this(source, format, invoker, sender, limits, observer, null);
    }

    /** Returns the ports of a mapping that reads this stream. */
    public MappingPorts with(StreamSource other) {
        return new MappingPorts(other, format.withSource(other.arn()), invoker, sender, limits, observer, transactions);
    }

    public MappingPorts with(ShardObserver observer) {
        return new MappingPorts(source, format, invoker, sender, limits, observer, transactions);
    }
}
