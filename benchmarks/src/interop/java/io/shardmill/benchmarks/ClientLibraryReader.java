package io.shardmill.benchmarks;

import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
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
import software.amazon.kinesis.retrieval.fanout.FanOutConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/** A worker of AWS's Kinesis Client Library, set up as its documentation does, without metrics. */
final class ClientLibraryReader implements ReaderUnderTest {

    private static final long LEAST_PAUSE_MILLIS = 200;
    private static final long QUICK_MILLIS = 1_000;
    private static final long STOP_SECONDS = 30;

    private final KinesisAsyncClient kinesis;
    private final DynamoDbAsyncClient leases;
    private final CloudWatchAsyncClient metrics;
    private final Scheduler scheduler;

    ClientLibraryReader(ReadOrder order, Endpoints endpoints, Received received) {
        kinesis = kinesis(endpoints);
        leases = Endpoints.at(endpoints.dynamoDb(), DynamoDbAsyncClient.builder())
                .build();
        metrics = Endpoints.at(endpoints.dynamoDb(), CloudWatchAsyncClient.builder())
                .build();
        ConfigsBuilder configs = new ConfigsBuilder(
                new SingleStreamTracker(
                        order.stream(),
                        InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON)),
                order.application(),
                kinesis,
                leases,
                metrics,
                "worker-" + UUID.randomUUID(),
                () -> new ClientLibraryProcessor(received));
        LeaseManagementConfig leaseManagement = configs.leaseManagementConfig();
        if (order.pace() != ReadOrder.Pace.DEFAULTS) {
            leaseManagement.leaseAssignmentIntervalMillis(QUICK_MILLIS).shardSyncIntervalMillis(QUICK_MILLIS);
            leaseManagement
                    .workerUtilizationAwareAssignmentConfig()
                    .inMemoryWorkerMetricsCaptureFrequencyMillis(QUICK_MILLIS)
                    .workerMetricsReporterFreqInMillis(QUICK_MILLIS);
        }
        scheduler = new Scheduler(
                configs.checkpointConfig(),
                configs.coordinatorConfig(),
                leaseManagement,
                configs.lifecycleConfig(),
                configs.metricsConfig().metricsFactory(new NullMetricsFactory()),
                configs.processorConfig(),
                configs.retrievalConfig().retrievalSpecificConfig(retrieval(order)));
        Thread thread = new Thread(scheduler, "scheduler");
        thread.setDaemon(true);
        thread.start();
    }

    /** By the library's own recipe, which is HTTP/2, where the server knows that. */
    private static KinesisAsyncClient kinesis(Endpoints endpoints) {
        var builder = Endpoints.at(endpoints.kinesis(), KinesisAsyncClient.builder());
        return endpoints.isHttp2()
                ? KinesisClientUtil.createKinesisAsyncClient(builder)
                : builder.httpClientBuilder(NettyNioAsyncHttpClient.builder()
                                .protocol(Protocol.HTTP1_1)
                                .maxConcurrency(Integer.MAX_VALUE))
                        .build();
    }

    private RetrievalSpecificConfig retrieval(ReadOrder order) {
        if (order.access() == ReadOrder.Access.FAN_OUT) {
            return new FanOutConfig(kinesis).streamName(order.stream()).applicationName(order.application());
        }
        PollingConfig polling = new PollingConfig(order.stream(), kinesis).maxRecords(order.batch());
        return order.pace() == ReadOrder.Pace.LEAST_PAUSE
                ? polling.idleTimeBetweenReadsInMillis(LEAST_PAUSE_MILLIS)
                : polling;
    }

    @Override
    public void close() throws Exception {
        try {
            scheduler.startGracefulShutdown().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException busy) {
            scheduler.shutdown();
        }
        metrics.close();
        leases.close();
        kinesis.close();
    }
}
