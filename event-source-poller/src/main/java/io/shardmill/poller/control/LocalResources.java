package io.shardmill.poller.control;

import io.shardmill.poller.checkpoint.FunctionTransactions;
import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.poller.internal.shard.BatchSender;
import io.shardmill.poller.internal.shard.EngineMemory;
import io.shardmill.poller.internal.shard.Limits;
import io.shardmill.poller.internal.shard.MappingPorts;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.InvalidMappingException;
import io.shardmill.poller.monitoring.ShardObserver;
import io.shardmill.poller.monitoring.ShardObservers;
import io.shardmill.poller.stream.SourceType;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.stream.StreamSource;
import io.shardmill.runtime.Deadlines;
import io.shardmill.runtime.FaultText;
import io.shardmill.runtime.FunctionInvoker;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.InvocableFunction.Reporting;
import io.shardmill.runtime.UnusableFunctionException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Streams, functions and destinations of this process. */
final class LocalResources implements MappingResources {

    private static final Logger LOG = LoggerFactory.getLogger(LocalResources.class);

    private final EngineDependencies dependencies;
    private final Engine.Customizations customizations;
    private final Deadlines deadlines;
    private final MappingPermits permits;
    private final EngineMemory memory;
    private final FaultText faults;
    private final SharedInvokers invokers = new SharedInvokers(this::invoker);

    LocalResources(
            EngineDependencies dependencies,
            Engine.Customizations customizations,
            Deadlines deadlines,
            MappingPermits permits,
            EngineMemory memory,
            FaultText faults) {
        this.dependencies = dependencies;
        this.customizations = customizations;
        this.deadlines = deadlines;
        this.permits = permits;
        this.memory = memory;
        this.faults = faults;
    }

    @Override
    public MappingPorts resolve(EventSourceMapping mapping) {
        memory.requireRoom(mapping.name());
        StreamSource source = source(mapping);
        EventFormats.require(mapping.filters(), source.type());
        BatchSender sender = sender(mapping);
        ShardObserver observer = new ShardObservers(List.of(
                new MappingLog(mapping, faults), customizations.observers().observe(mapping)));
        return new MappingPorts(
                source,
                EventFormats.of(source, role(mapping)),
                new FunctionBatchInvoker(
                        invokers.share(mapping.function()),
                        mapping.failureHandling().reportBatchItemFailures()),
                sender,
                new Limits(permits.give(mapping.name()), memory),
                observer,
                transactions(mapping));
    }

    /** Returns the role that events name until the mapping is started or changed again. */
    private @Nullable String role(EventSourceMapping mapping) {
        try {
            return dependencies.functions().find(mapping.function()).role();
        } catch (UnusableFunctionException gone) {
            return null; // its batches wait
        }
    }

    /** Returns those in which the mapping's function runs; null for a mapping that is not transactional. */
    private @Nullable FunctionTransactions transactions(EventSourceMapping mapping) {
        if (!mapping.failureHandling().transactional()) {
            return null;
        }
        FunctionTransactions transactions = dependencies.stores().transactions();
        if (transactions == null) {
            throw notTransactional(
                    mapping,
                    "functions have no transaction in common with the checkpoints. Give the application a DataSource and"
                            + " a transaction manager for it, of several make one primary, or leave out the property");
        }
        return transactions;
    }

    private static InvalidMappingException notTransactional(EventSourceMapping mapping, String reason) {
        return new InvalidMappingException(
                "transactional", true, "can't be given to mapping '" + mapping.name() + "': " + reason);
    }

    @Override
    public void release(EventSourceMapping mapping) {
        invokers.release(mapping.function());
        permits.takeBack(mapping.name());
    }

    @Override
    public void forget(EventSourceMapping mapping) {
        customizations.observers().forget(mapping);
    }

    @Override
    public void check(EventSourceMapping mapping) {
        memory.requireRoom(mapping.name());
        InvocableFunction function = dependencies.functions().find(mapping.function()); // it may have gone since it ran
        checkWindows(mapping, function.windows());
        if (transactions(mapping) != null && !function.isOfApplication()) {
            throw notTransactional(
                    mapping,
                    "function '" + mapping.function() + "' is deployed code, which has no part in the application's"
                            + " transactions. Write it as a bean, or leave out the property");
        }
        boolean reportCounts = mapping.failureHandling().reportBatchItemFailures() || function.reportsItemFailures();
        SourceType type = source(mapping).type();
        warnOfMismatch(mapping, type, function.reporting(), reportCounts);
        EventFormats.require(mapping.filters(), type);
        BatchSender unusedSender = sender(mapping);
    }

    @Override
    public StreamSource source(EventSourceMapping mapping) {
        return dependencies
                .streams()
                .find(mapping.stream())
                .map(source -> source.forMapping(mapping.name()))
                .orElseThrow(() -> new StreamNotFoundException("Mapping '" + mapping.name()
                        + "': nothing here serves a stream named '" + mapping.stream() + "'"));
    }

    private static void warnOfMismatch(
            EventSourceMapping mapping, SourceType source, Reporting reporting, boolean reportCounts) {
        if (reportCounts && reporting == Reporting.NEVER) {
            LOG.warn(
                    "Mapping '{}' has function-response-types ReportBatchItemFailures, but the declared return type of"
                            + " function '{}' can't name failed records: any return is a success",
                    mapping.name(),
                    mapping.function());
        }
        boolean isDeclared = reporting == Reporting.DECLARED || reporting == Reporting.BY_SEQUENCE_NUMBER;
        if (!reportCounts && isDeclared) {
            LOG.warn(
                    "Function '{}' returns which records failed, but mapping '{}' has no function-response-types"
                            + " ReportBatchItemFailures: any return is a success",
                    mapping.function(),
                    mapping.name());
        }
        if (reportCounts && reporting == Reporting.BY_SEQUENCE_NUMBER && source instanceof SourceType.Kafka) {
            LOG.warn(
                    "Mapping '{}' has function-response-types ReportBatchItemFailures, but the declared return type of"
                            + " function '{}' names records by strings, which name none of a Kafka topic: every report"
                            + " fails its whole batch. Return a Map of the form"
                            + " {\"batchItemFailures\": [{\"itemIdentifier\": {\"partition\": \"<topic>-<partition>\", \"offset\": <number>}}]}",
                    mapping.name(),
                    mapping.function());
        }
    }

    /** Spec 5.4: a function of a window returns a state at every invocation. */
    private static void checkWindows(EventSourceMapping mapping, InvocableFunction.Windows windows) {
        boolean hasWindow = mapping.batching().hasTumblingWindow();
        if (hasWindow && windows == InvocableFunction.Windows.NEVER) {
            throw new InvalidMappingException(
                    "tumbling-window",
                    mapping.batching().tumblingWindow(),
                    "can't be given to mapping '" + mapping.name() + "': function '" + mapping.function()
                            + "' returns no state. Write it as a"
                            + " Function<TimeWindow<State>, WindowResult<State>>, or leave out the property");
        }
        if (!hasWindow && windows == InvocableFunction.Windows.ALWAYS) {
            throw new InvalidMappingException(
                    "tumbling-window",
                    "0s",
                    "is too little for mapping '" + mapping.name() + "': function '" + mapping.function()
                            + "' takes a TimeWindow. Set the property to 1 to 900 seconds");
        }
    }

    private FunctionInvoker invoker(String name) {
        return new FunctionInvoker(
                name,
                dependencies.functions().find(name),
                customizations.functionSettings().apply(name),
                deadlines,
                customizations.interceptor(),
                faults);
    }

    private @Nullable BatchSender sender(EventSourceMapping mapping) {
        String name = mapping.failureHandling().destination();
        if (name == null) {
            return null;
        }
        OnFailureDestination destination = dependencies.destinations().require(name, mapping.stream());
        return new DestinationSender(destination, deadlines);
    }
}
