package io.shardmill.spring;

import io.shardmill.embedded.model.Durability;
import io.shardmill.runtime.Isolation;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DataSizeUnit;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.util.unit.DataSize;
import org.springframework.util.unit.DataUnit;

/**
 * Everything that can be configured, under {@code shardmill}. A mapping's properties are the parameters of
 * Lambda's {@code CreateEventSourceMapping} in kebab case, with Lambda's ranges and defaults. A property that
 * is not one of these is an error at start.
 *
 * @param dataDir Folder of the embedded streams and, if the application has no DataSource, of the checkpoints. One process at a time has it open.
 * @param fileDestinations Folders in which mappings that are made at run time, also over HTTP, may have file destinations. The folder "destinations" in data-dir by default. What the configuration names may be anywhere.
 * @param functionUser User of this system that functions in processes run as. The server's own by default. Needs environments-dir, and the right to change users, such as root's.
 * @param environmentsDir Folder for what functions' processes need while they run. "environments" in data-dir by default, which no other user can enter.
 * @param interpreters Programs that run functions of python3.* and nodejs*, such as /opt/python3.12/bin/python3, before those on the PATH. Each is used for the runtimes of its own version.
 * @param allowOtherInterpreterVersions Whether a function may be run by an interpreter of another version than its runtime names, if there is none of that one.
 * @param backupDir Folder of backups, each in a folder of its own. The folder "backups" beside the data folder by default.
 * @param restoreFrom Folder of a backup that is restored, before anything else, into the data folder, which must be empty or missing. Remove it after the start.
 * @param durability What an acknowledged put into an embedded stream survives: the death of the process, or of the machine.
 * @param region Region that streams, functions and mappings are in, as their ARNs, events and environment variables name it.
 * @param accountId Account that they are in: 12 digits, in quotes.
 * @param namespace Whose checkpoints: applications that share a database need different ones. The application's name by default, or "default".
 * @param checkpointInterval Least time between two saves of checkpoints: about what a crash delivers again.
 * @param checkpointPatience How long saves may fail before shards stop fetching and invoking.
 * @param checkpointRecovery What a start does when checkpoints are damaged, missing or older than those last seen.
 * @param shutdownTimeout How long a stop takes at most. It waits nine tenths of that for running invocations, then leaves them behind. Keep it below spring.lifecycle.timeout-per-shutdown-phase.
 * @param maximumConcurrency How many invocations of one mapping may run at once, 1 to 10000, whatever its shards and lanes.
 * @param showPayloads Whether log and endpoint show the messages of exceptions, which may quote payloads or people. Their classes and lines of code are always shown.
 * @param replay Delivers again, at every start, all mappings from TRIM_HORIZON, from a time such as 2026-11-23T10:15:30Z, or from a sequence number.
 * @param jdbc The checkpoints' tables.
 * @param aws Where on-failure destinations on AWS are. Needs the module shardmill-aws-destinations.
 * @param awsEndpoint AWS's interfaces on the application's HTTP port. Needs the module shardmill-aws-endpoint.
 * @param streams Embedded streams by name. Those that are missing are created at start.
 * @param functions Settings of functions by name.
 * @param mappings Event source mappings by name. The name is part of the checkpoints' key.
 */
@ConfigurationProperties(prefix = "shardmill", ignoreUnknownFields = false)
public record ShardmillProperties(
        @DefaultValue("./data") Path dataDir,
        @DefaultValue List<Path> fileDestinations,
        @Nullable String functionUser,
        @Nullable Path environmentsDir,
        @DefaultValue List<Path> interpreters,
        @DefaultValue("false") boolean allowOtherInterpreterVersions,
        @Nullable Path backupDir,
        @Nullable Path restoreFrom,
        @DefaultValue("process") Durability durability,
        @DefaultValue("us-east-1") String region,
        @DefaultValue("000000000000") String accountId,
        @Nullable String namespace,
        @DefaultValue("100ms") Duration checkpointInterval,
        @DefaultValue("10s") Duration checkpointPatience,
        @DefaultValue("refuse") CheckpointRecovery checkpointRecovery,
        @DefaultValue("25s") Duration shutdownTimeout,
        @DefaultValue("256") int maximumConcurrency,
        @DefaultValue("false") boolean showPayloads,
        @Nullable String replay,
        @DefaultValue Jdbc jdbc,
        @DefaultValue Aws aws,
        @DefaultValue @NestedConfigurationProperty AwsEndpointProperties awsEndpoint,
        @DefaultValue Map<String, Stream> streams,
        @DefaultValue Map<String, Function> functions,
        @DefaultValue Map<String, Mapping> mappings) {

    /**
     * The checkpoints' tables.
     *
     * @param initializeSchema When to create the checkpoints' tables. "embedded": in a database of this process, such as H2 in a file.
     */
    public record Jdbc(@DefaultValue("embedded") DatabaseInitializationMode initializeSchema) {}

    /**
     * Where on-failure destinations on AWS are.
     *
     * @param endpoint Endpoint in place of AWS's own, for all services, such as http://localhost:4566. S3 buckets are then addressed by path.
     * @param region Region of S3 buckets, whose ARNs name none. The one of the SDK's default chain by default, such as AWS_REGION.
     * @param sqs Where SQS is.
     * @param sns Where SNS is.
     * @param s3 Where S3 is.
     */
    public record Aws(
            @Nullable URI endpoint,
            @Nullable String region,
            @DefaultValue Service sqs,
            @DefaultValue Service sns,
            @DefaultValue Service s3) {

        /**
         * Where a service is.
         *
         * @param endpoint Endpoint of this service. "shardmill.aws.endpoint" by default.
         */
        public record Service(@Nullable URI endpoint) {}
    }

    /**
     * An embedded stream.
     *
     * @param shards How many shards the stream is created with, 1 to 10000. A stream that exists keeps its own.
     * @param retention How long records are kept, 1 second to 365 days. 24 hours by default.
     * @param maxRecordSize Largest size of a record with its partition key, 1MB to 10MB. 1MB by default.
     */
    public record Stream(
            @DefaultValue("1") int shards,
            @Nullable Duration retention,
            @Nullable DataSize maxRecordSize) {}

    /**
     * How a function is run, and, with code, a function that is deployed as on Lambda.
     *
     * @param timeout An invocation that takes longer is interrupted, or its process killed, and a failed attempt, 1ms to 15m.
     * @param reservedConcurrency How many invocations of the function may run at once. Beyond it a batch is throttled, not failed. 0 throttles all, -1 is no limit.
     * @param code A jar, a zip or a folder as for Lambda. When it changes, the next batches run the new code. Needs shardmill-lambda-runtime.
     * @param handler What of the code is run, such as com.acme.Handler or com.acme.Handler::handleRequest, or folder/app.handler in Python and JavaScript.
     * @param runtime Lambda's identifier: java17, java21, java25, python3.8 to python3.14, nodejs18.x to nodejs24.x, or, for an executable named bootstrap, provided, provided.al2, provided.al2023.
     * @param environment The environment variables of the function's processes.
     * @param memory What each process and its children may hold together, or the heap of each Java process, 128MB to 10240MB.
     * @param user User of this system that the function's processes run as. "shardmill.function-user" by default.
     * @param description For people.
     * @param isolation Where the code runs: "process" of its own, or this "jvm", which can't isolate environment variables, System.exit, memory and threads.
     */
    public record Function(
            @DefaultValue("30s") @DurationUnit(ChronoUnit.SECONDS)
            Duration timeout,

            @DefaultValue("-1") int reservedConcurrency,
            @Nullable Path code,
            @Nullable String handler,
            @DefaultValue("java17") String runtime,
            @DefaultValue Map<String, String> environment,

            @DefaultValue("128MB") @DataSizeUnit(DataUnit.MEGABYTES)
            DataSize memory,

            @Nullable String user,
            @DefaultValue("") String description,
            @DefaultValue("process") Isolation isolation) {}

    /**
     * An event source mapping.
     *
     * @param stream Name of the stream. Required.
     * @param function Name of the function, or a composition such as parse|store. The mapping's name by default.
     * @param enabled Whether the application starts the mapping.
     * @param startingPosition Where reading starts on a stream that has no checkpoints yet.
     * @param startingPositionTimestamp The time to start at, such as 2026-11-23T10:15:30Z. Only with AT_TIMESTAMP, not in the future.
     * @param filters Patterns such as {"data":{"delay":[{"numeric":[">",60]}]}}, at most 5: only records that match one of them are delivered. All by default.
     * @param batchSize Most records of a batch, 1 to 10000.
     * @param maximumBatchingWindow How long to gather records for a batch, 0 to 300 seconds.
     * @param parallelizationFactor Batches of a shard in work at once, 1 to 10, in order per partition key.
     * @param tumblingWindow Length of tumbling windows over each shard, 0 to 900 whole seconds; 0 for none. Not with filters or a parallelization-factor above 1.
     * @param maximumRetryAttempts Attempts after the first one, 0 to 10000, or -1: until maximum-record-age, and without one on and on.
     * @param maximumRecordAge Discards records older than this, 60 seconds to 7 days, or -1: never.
     * @param bisectBatchOnFunctionError Whether a failed batch is split in two.
     * @param functionResponseTypes ReportBatchItemFailures: the function's report of failed records counts. Not needed for a function that returns Result.
     * @param onFailure Where discarded batches go: file:PATH, log, the ARN of an SQS queue, SNS topic or S3 bucket, or the name of an OnFailureDestination bean. Nowhere by default.
     * @param replay Delivers again, at every start, from TRIM_HORIZON, a time, or a sequence number. "shardmill.replay" by default.
     * @param adoptCheckpointsOf Name the mapping had before: without checkpoints of its own it resumes from those.
     */
    public record Mapping(
            @Nullable String stream,
            @Nullable String function,
            @DefaultValue("true") boolean enabled,
            @DefaultValue("TRIM_HORIZON") StartingPositionType startingPosition,
            @Nullable Instant startingPositionTimestamp,
            @DefaultValue List<String> filters,
            @DefaultValue("100") int batchSize,

            @DefaultValue("0s") @DurationUnit(ChronoUnit.SECONDS)
            Duration maximumBatchingWindow,

            @DefaultValue("1") int parallelizationFactor,

            @DefaultValue("0s") @DurationUnit(ChronoUnit.SECONDS)
            Duration tumblingWindow,

            @DefaultValue("-1") int maximumRetryAttempts,

            @DefaultValue("-1") @DurationUnit(ChronoUnit.SECONDS)
            Duration maximumRecordAge,

            @DefaultValue("false") boolean bisectBatchOnFunctionError,
            @DefaultValue Set<FunctionResponseType> functionResponseTypes,
            @Nullable String onFailure,
            @Nullable String replay,
            @Nullable String adoptCheckpointsOf) {}

    /** Lambda's {@code StartingPosition}. */
    public enum StartingPositionType {
        /** The oldest record the stream keeps. */
        TRIM_HORIZON,
        /** The next record that is put. */
        LATEST,
        /** The first record that arrived at or after {@code starting-position-timestamp}. */
        AT_TIMESTAMP
    }

    /** Lambda's {@code FunctionResponseTypes}. */
    public enum FunctionResponseType {
        /** Written {@code ReportBatchItemFailures} in Lambda. */
        REPORT_BATCH_ITEM_FAILURES
    }
}
