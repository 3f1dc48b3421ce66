package io.shardmill.spring;

import io.shardmill.poller.control.MappingObservers;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.poller.monitoring.ShardObservers;
import java.util.List;

/** The observers of the application as one. */
record AllObservers(List<MappingObservers> observers) implements MappingObservers {

    @Override
    public ShardObserver observe(EventSourceMapping mapping) {
        return new ShardObservers(
                observers.stream().map(each -> each.observe(mapping)).toList());
    }

    @Override
    public void forget(EventSourceMapping mapping) {
        observers.forEach(each -> each.forget(mapping));
    }
}
