package io.shardmill.aws.kinesis;

import io.shardmill.embedded.EmbeddedStreams;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** The actions on streams, shards and consumers, by their names. */
final class ControlActions {

    private ControlActions() {}

    static Map<String, Action.OfMembers> of(EmbeddedStreams streams, Clock clock) {
        StreamNames names = new StreamNames(streams);
        Map<String, Action.OfMembers> actions = new HashMap<>();
        ShardLimit limit = new ShardLimit(names);
        addStreams(actions, streams, names, limit, clock);
        addShards(actions, streams, names, limit, clock);
        addConsumersAndTags(actions, streams, names, clock);
        return actions;
    }

    private static void addStreams(
            Map<String, Action.OfMembers> actions,
            EmbeddedStreams streams,
            StreamNames names,
            ShardLimit limit,
            Clock clock) {
        StreamLifecycle lifecycle = new StreamLifecycle(streams, names, limit);
        actions.put("CreateStream", lifecycle::create);
        actions.put("DeleteStream", lifecycle::delete);
        StreamDescriptions descriptions = new StreamDescriptions(names, clock);
        actions.put("ListStreams", new ListStreams(names, clock));
        actions.put("DescribeStream", descriptions::describe);
        actions.put("DescribeStreamSummary", descriptions::summarize);
        actions.put("DescribeLimits", descriptions::limits);
        actions.put("DescribeAccountSettings", descriptions::accountSettings);
        StreamChanges changes = new StreamChanges(streams, names);
        actions.put("IncreaseStreamRetentionPeriod", changes::increaseRetention);
        actions.put("DecreaseStreamRetentionPeriod", changes::decreaseRetention);
        actions.put("UpdateStreamMode", changes::updateMode);
        actions.put("UpdateMaxRecordSize", changes::updateMaxRecordSize);
        Unmeant unmeant = new Unmeant(names);
        actions.put("StartStreamEncryption", unmeant::startEncryption);
        actions.put("StopStreamEncryption", unmeant::stopEncryption);
        actions.put("EnableEnhancedMonitoring", unmeant::enableMonitoring);
        actions.put("DisableEnhancedMonitoring", unmeant::disableMonitoring);
    }

    private static void addShards(
            Map<String, Action.OfMembers> actions,
            EmbeddedStreams streams,
            StreamNames names,
            ShardLimit limit,
            Clock clock) {
        Resharding resharding = new Resharding(streams, names, limit);
        actions.put("ListShards", new ListShards(names, clock));
        actions.put("SplitShard", resharding::split);
        actions.put("MergeShards", resharding::merge);
        actions.put("UpdateShardCount", resharding::updateCount);
    }

    private static void addConsumersAndTags(
            Map<String, Action.OfMembers> actions, EmbeddedStreams streams, StreamNames names, Clock clock) {
        Consumers consumers = new Consumers(streams, names);
        actions.put("RegisterStreamConsumer", consumers::register);
        actions.put("DeregisterStreamConsumer", consumers::deregister);
        actions.put("DescribeStreamConsumer", consumers::describe);
        actions.put("ListStreamConsumers", new ListStreamConsumers(streams, names, clock));
        Tagging tagging = new Tagging(streams, names, consumers);
        actions.put("AddTagsToStream", tagging::addToStream);
        actions.put("RemoveTagsFromStream", tagging::removeFromStream);
        actions.put("ListTagsForStream", tagging::listOfStream);
        actions.put("TagResource", tagging::addToResource);
        actions.put("UntagResource", tagging::removeFromResource);
        actions.put("ListTagsForResource", tagging::listOfResource);
    }
}
