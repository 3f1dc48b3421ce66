package io.shardmill.interop;

import java.net.URI;
import java.util.function.Function;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.common.KinesisClientUtil;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.leases.LeaseManagementConfig;
import software.amazon.kinesis.metrics.NullMetricsFactory;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.RetrievalSpecificConfig;

/** One worker of the Kinesis Client Library, as its users set it up, but for waiting less for its leases. */
final class Consumer implements AutoCloseable {

    private final KinesisAsyncClient kinesis;
    private final CloudWatchAsyncClient cloudWatch;
    private final Scheduler scheduler;

    Consumer(
            String stream,
            URI endpoint,
            DynamoDbAsyncClient leases,
            Function<KinesisAsyncClient, RetrievalSpecificConfig> retrieval,
            Journal journal) {
        kinesis = Clients.kinesisAsync(endpoint, KinesisClientUtil::createKinesisAsyncClient);
        // Asked for nothing: there are no metrics.
        cloudWatch = Clients.at(endpoint, CloudWatchAsyncClient.builder()).build();
        ConfigsBuilder configs = new ConfigsBuilder(
                new SingleStreamTracker(
                        stream,
                        InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON)),
                "readers-of-" + stream,
                kinesis,
                leases,
                cloudWatch,
                "worker",
                journal);
        LeaseManagementConfig leaseManagement = configs.leaseManagementConfig()
                .leaseAssignmentIntervalMillis(1_000L)
                .shardSyncIntervalMillis(1_000);
        leaseManagement
                .workerUtilizationAwareAssignmentConfig()
                .inMemoryWorkerMetricsCaptureFrequencyMillis(1_000)
                .workerMetricsReporterFreqInMillis(1_000);
        scheduler = new Scheduler(
                configs.checkpointConfig(),
                configs.coordinatorConfig().parentShardPollIntervalMillis(500),
                leaseManagement,
                configs.lifecycleConfig(),
                configs.metricsConfig().metricsFactory(new NullMetricsFactory()),
                configs.processorConfig(),
                configs.retrievalConfig().retrievalSpecificConfig(retrieval.apply(kinesis)));
    }

    void start() {
        new Thread(scheduler, "consumer").start();
    }

    @Override
    public void close() {
        scheduler.startGracefulShutdown().join();
        cloudWatch.close();
        kinesis.close();
    }
}
